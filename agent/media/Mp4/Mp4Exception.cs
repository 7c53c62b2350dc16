namespace ThatDam.Media.Mp4;

/// <summary>A file is no fragmented MP4, a damaged one, or one of a form that is not known here.</summary>
/// <param name="message">What is wrong, and where.</param>
/// <param name="isUnknownForm">It may be sound, and is not to be touched.</param>
public sealed class Mp4Exception(string message, bool isUnknownForm = false) : Exception(message)
{
    /// <summary>Whether it may be sound, and of a form that is not known here: then it is not to be touched.</summary>
    public bool IsUnknownForm => isUnknownForm;
}
