using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ThatDam.EndToEnd.Tests;

/// <summary>
/// The timestamps that the kernel gave with a device's frames, by its own log of VIDIOC_DQBUF (the attribute dev_debug). Needs root.
/// </summary>
internal sealed partial class KernelTimes : IDisposable
{
    private const string NamesArgumentsAndBuffers = "11"; // V4L2_DEV_DEBUG_IOCTL | _IOCTL_ARG | _STREAMING

    private readonly string _debug;
    private readonly string _node;
    private readonly Process _log;
    private readonly ConcurrentQueue<string> _lines = new();

    private KernelTimes(string node)
    {
        _node = Path.GetFileName(node);
        _debug = $"/sys/class/video4linux/{_node}/dev_debug";
        _log = new Process { StartInfo = new ProcessStartInfo("dmesg", ["--follow-new"]) { RedirectStandardOutput = true } };
        _log.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _log.Start();
        _log.BeginOutputReadLine();
        File.WriteAllText(_debug, NamesArgumentsAndBuffers);
    }

    /// <summary>Listens from now on.</summary>
    /// <param name="node">Such as <c>/dev/video0</c>.</param>
    public static async Task<KernelTimes> ListenAsync(string node)
    {
        var times = new KernelTimes(node);
        await times.CatchUpAsync();
        return times;
    }

    /// <summary>Each frame's timestamp so far, in order, seconds.</summary>
    public async Task<List<double>> ReadAsync()
    {
        await CatchUpAsync();
        return [.. _lines.Where(line => line.Contains($"{_node}: VIDIOC_DQBUF: ", StringComparison.Ordinal))
            .Select(line => Dequeued().Match(line)).Where(match => match.Success).Select(match =>
                (int.Parse(match.Groups["h"].Value, CultureInfo.InvariantCulture) * 3600)
                + (int.Parse(match.Groups["m"].Value, CultureInfo.InvariantCulture) * 60)
                + double.Parse(match.Groups["s"].Value, CultureInfo.InvariantCulture))];
    }

    // The log comes in order: when this line has come, every one before it has.
    private Task CatchUpAsync()
    {
        var mark = $"mark {Guid.NewGuid()}";
        return Eventually.TrueAsync(() =>
        {
            File.WriteAllText("/dev/kmsg", mark);
            return _lines.Any(line => line.Contains(mark, StringComparison.Ordinal));
        }, "the kernel's log is read", 30);
    }

    /// <summary>Listens no more.</summary>
    public void Dispose()
    {
        File.WriteAllText(_debug, "0");
        _log.Kill();
        _log.WaitForExit();
        _log.Dispose();
    }

    // v4l2-ioctl.c, v4l_print_buffer
    [GeneratedRegex(@"VIDIOC_DQBUF: (?<h>\d+):(?<m>\d+):(?<s>\d+\.\d{6}) index=")]
    private static partial Regex Dequeued();
}
