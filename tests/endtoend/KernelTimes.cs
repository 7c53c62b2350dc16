using System.Globalization;
using System.Text.RegularExpressions;

namespace ThatDam.EndToEnd.Tests;

/// <summary>The timestamps that the kernel gave the daemon with its frames: what strace saw of VIDIOC_DQBUF.</summary>
internal sealed partial class KernelTimes(string folder)
{
    private readonly string _trace = Path.Combine(folder, "trace");

    /// <summary>What a daemon is started under. With a filter, or every other call of its ffmpeg would be stopped too.</summary>
    public IReadOnlyList<string> Under => ["strace", "-f", "--seccomp-bpf", "-qq", "-o", _trace, "-e", "trace=ioctl", "-e", "signal=none"];

    /// <summary>Each frame's timestamp, in order, seconds.</summary>
    public List<double> Read() =>
        [.. File.ReadLines(_trace).Select(line => Dequeued().Match(line)).Where(match => match.Success)
            .Select(match => int.Parse(match.Groups["s"].Value, CultureInfo.InvariantCulture)
                + (int.Parse(match.Groups["us"].Value, CultureInfo.InvariantCulture) / 1e6))];

    // A call that another thread interrupted in the trace goes on in a line of its own: "<... ioctl resumed>".
    [GeneratedRegex(@"(VIDIOC_DQBUF|ioctl resumed).*timestamp=\{tv_sec=(?<s>\d+), tv_usec=(?<us>\d+)\}.*\) = 0$")]
    private static partial Regex Dequeued();
}
