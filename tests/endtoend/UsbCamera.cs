using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>What a USB camera is.</summary>
internal sealed record UsbCameraSettings
{
    /// <summary>Its port, 0 to 3: each is the only one of a host controller of its own.</summary>
    public int Port { get; init; }

    /// <summary>Its serial number; empty: none.</summary>
    public string Serial { get; init; } = "S1";

    /// <summary>The name it bears. Any text.</summary>
    public string Product { get; init; } = "Bed camera";

    /// <summary>What goes wrong, each <c>KIND@FRAME</c> as the head of camera.c lists them.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}

/// <summary>
/// A USB camera, plugged in: the program of testbed/camera on an emulated host controller, before the kernel's own uvcvideo. It sends MJPEG
/// 320x180 at 30 fps. Only root in the test bed can have one. Disposing unplugs it.
/// </summary>
internal sealed class UsbCamera : IAsyncDisposable
{
    private const string Class = "/sys/class/video4linux";

    private readonly UsbCameraSettings _settings;
    private readonly Process _process;
    private readonly ConcurrentQueue<(DateTimeOffset At, string Line)> _said = new();

    private UsbCamera(UsbCameraSettings settings)
    {
        _settings = settings;
        var folder = Path.Combine(Programs.Tree, "artifacts/testbed");
        var program = Path.Combine(folder, "camera");
        if (!File.Exists(program))
            throw new FileNotFoundException($"no {program}: run tests/testbed/camera/build.sh", program);
        List<string> words = ["--udc", Invariant($"dummy_udc.{settings.Port}"), "--serial", settings.Serial, "--product", settings.Product,
            "--mjpeg", Path.Combine(folder, "clip.mjpeg"), "--size", "320x180@30", .. settings.Faults.SelectMany(fault => new[] { "--fault", fault })];
        _process = new Process { StartInfo = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true } };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    /// <summary>Its node, such as <c>/dev/video0</c>.</summary>
    public string Node { get; private set; } = "";

    /// <summary>When the node was first seen.</summary>
    public DateTimeOffset Appeared { get; private set; }

    /// <summary>When the node was first seen gone.</summary>
    public DateTimeOffset Gone { get; private set; }

    /// <summary>What the camera itself told, a line each.</summary>
    public IReadOnlyList<string> Said => [.. _said.Select(one => one.Line)];

    /// <summary>The emulated host controllers, and the driver for cameras.</summary>
    public static async Task LoadModulesAsync()
    {
        (await Command.RunAsync("modprobe", "dummy_hcd", "num=4")).MustSucceed();
        (await Command.RunAsync("modprobe", "raw_gadget")).MustSucceed();
        (await Command.RunAsync("modprobe", "uvcvideo")).MustSucceed();
    }

    /// <summary>Plugs one in; returns when its node is there.</summary>
    public static async Task<UsbCamera> PlugAsync(UsbCameraSettings settings)
    {
        Assert.Null(NodeAt(settings.Port));
        var camera = new UsbCamera(settings);
        camera._process.Start();
        camera._process.BeginOutputReadLine();
        camera._process.BeginErrorReadLine();
        string? node = null;
        var watch = Stopwatch.StartNew();
        while ((node = NodeAt(settings.Port)) is null)
        {
            if (camera._process.HasExited || watch.Elapsed.TotalSeconds > 20)
                Assert.Fail($"no node of the camera after {watch.Elapsed}: {string.Join("; ", camera.Said)}");
            await Task.Delay(5);
        }
        (camera.Node, camera.Appeared) = (node, TimeProvider.System.GetUtcNow());
        return camera;
    }

    /// <summary>Waits until the camera has told a line with these words; returns when that was.</summary>
    public async Task<DateTimeOffset> SaysAsync(string words, double seconds = 30)
    {
        await Eventually.TrueAsync(() => _said.Any(one => one.Line.Contains(words, StringComparison.Ordinal)), $"the camera says '{words}'", seconds);
        return _said.First(one => one.Line.Contains(words, StringComparison.Ordinal)).At;
    }

    /// <summary>Pulls it out; returns when its node is gone.</summary>
    public async Task UnplugAsync()
    {
        Processes.Signal(_process.Id, Processes.SIGTERM);
        await _process.WaitForExitAsync();
        var watch = Stopwatch.StartNew();
        while (File.Exists(Node) && NodeAt(_settings.Port) is not null)
        {
            Assert.True(watch.Elapsed.TotalSeconds < 20, $"{Node} stays");
            await Task.Delay(5);
        }
        Gone = TimeProvider.System.GetUtcNow();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await UnplugAsync();
        _process.Dispose();
    }

    private static string? NodeAt(int port)
    {
        var controller = Invariant($"/dummy_hcd.{port}/");
        foreach (var link in Directory.Exists(Class) ? Directory.GetFileSystemEntries(Class, "video*") : [])
        {
            try
            {
                // Its second node is for metadata.
                if (new FileInfo(link).LinkTarget is { } target && target.Contains(controller, StringComparison.Ordinal)
                    && File.ReadAllText(Path.Combine(link, "index")).Trim() == "0" && "/dev/" + Path.GetFileName(link) is var node && File.Exists(node))
                    return node;
            }
            catch (IOException)
            {
                // It went while it was looked at.
            }
        }
        return null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Take(string? line)
    {
        if (line is not null)
            _said.Enqueue((TimeProvider.System.GetUtcNow(), line));
    }
}
