namespace ThatDam.Media.Mp4;

/// <summary>A file is no fragmented MP4, or a damaged one.</summary>
/// <param name="message">What is wrong, and where.</param>
public sealed class Mp4Exception(string message) : Exception(message);
