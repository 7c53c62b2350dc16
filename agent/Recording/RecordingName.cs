using System.Globalization;
using System.Security.Cryptography;

namespace ThatDam.Agent.Recording;

/// <summary>How recordings and their files are called.</summary>
internal static class RecordingName
{
    // No vowels and no look-alikes: an id is read aloud and typed.
    private const string Letters = "bcdfghjkmnpqrstvwxz23456789";
    private const int RandomLetters = 4;

    /// <summary>A new id, such as <c>20261124-075041-k3f9</c>.</summary>
    public static string NewId(DateTimeOffset now) =>
        now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + "-" + RandomNumberGenerator.GetString(Letters, RandomLetters);

    /// <summary>A file's name, such as <c>video0-h264-20261124T075041Z-desk.mp4</c>.</summary>
    /// <param name="node">The device's short name.</param>
    /// <param name="codec">The codec in the file.</param>
    /// <param name="now">When it begins.</param>
    /// <param name="label">Added, if any.</param>
    /// <param name="extension">The container's.</param>
    /// <param name="attempt">1, or more for a name that is taken: it gets <c>~2</c> and so on.</param>
    public static string OfFile(string node, string codec, DateTimeOffset now, string? label, string extension, int attempt)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return $"{node}-{codec}-{time}{(label is null ? "" : "-" + label)}{(attempt > 1 ? $"~{attempt}" : "")}.{extension}";
    }

    /// <summary>The name of a recording's further file: its first one's with <c>-002</c> and so on, whatever the clock says by then.</summary>
    /// <param name="first">The first file.</param>
    /// <param name="segment">The file's number in the recording, from 2.</param>
    /// <param name="extension">The container's.</param>
    /// <param name="attempt">As with the first.</param>
    public static string OfFile(string first, int segment, string extension, int attempt) => string.Create(
        CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(first)}-{segment:000}{(attempt > 1 ? $"~{attempt}" : "")}.{extension}");
}
