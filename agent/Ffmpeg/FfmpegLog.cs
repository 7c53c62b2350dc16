using System.Text.RegularExpressions;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>The last lines of what one ffmpeg said. For any thread.</summary>
public sealed partial class FfmpegLog
{
    /// <summary>How many lines are kept.</summary>
    public const int Capacity = 100;

    private const int LongestLine = 500;
    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new(Capacity);

    /// <summary>The lines, the oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    /// <summary>Why it failed, in ffmpeg's own words: its first line of severity error or worse, without address and level; else its last line; null when it said nothing.</summary>
    public string? Reason
    {
        get
        {
            var lines = Lines;
            var severe = lines.Select(line => Severe().Match(line)).FirstOrDefault(match => match.Success);
            return severe?.Groups["words"].Value ?? (lines.Count == 0 ? null : lines[^1]);
        }
    }

    internal void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count == Capacity)
                _lines.Dequeue();
            _lines.Enqueue(line.Length > LongestLine ? line[..LongestLine] : line);
        }
    }

    // [libx264 @ 0x55d0c8a3e2c0] [error] words
    [GeneratedRegex(@"^(?:\[[^\]]+ @ 0x[0-9a-f]+\] )*\[(?:error|fatal|panic)\] (?<words>.+)$")]
    private static partial Regex Severe();
}
