using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ThatDam.Agent.Devices;

namespace ThatDam.Agent.Tests.Devices;

/// <summary>What a scan finds, against what v4l2-ctl and udevadm say of the same nodes. Run as root in the test bed, one after another.</summary>
[Collection("bed")]
[Trait("bed", "guest")]
public sealed partial class V4L2CtlTests : IAsyncLifetime
{
    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists("/dev/video0"), "there is no /dev/video0");
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Formats_sizes_and_rates_are_those_of_v4l2_ctl()
    {
        var devices = await ScanAsync();

        Assert.Contains(devices, device => device.Multiplanar);
        Assert.Contains(devices, device => !device.Multiplanar);
        foreach (var device in devices)
        {
            var listed = Parse(await RunAsync("v4l2-ctl", "-d", device.Node, "--list-formats-ext"));
            Assert.NotEmpty(listed);
            Assert.Equal(listed, [.. device.Modes.Select(mode =>
                new Listed(mode.Format, $"{mode.Width}x{mode.Height}", string.Join(' ', mode.Rates.Select(rate => rate.ToString("F3", CultureInfo.InvariantCulture)))))]);
        }
    }

    [Fact]
    public async Task Driver_card_bus_and_inputs_are_those_of_v4l2_ctl()
    {
        foreach (var device in await ScanAsync())
        {
            var info = await RunAsync("v4l2-ctl", "-d", device.Node, "--info");
            Assert.Equal((Field(info, "Driver name"), Field(info, "Card type"), Field(info, "Bus info")), (device.Driver, device.Name, device.Bus));
            Assert.Equal(info.Contains("Video Capture Multiplanar", StringComparison.Ordinal), device.Multiplanar);
            var inputs = await RunAsync("v4l2-ctl", "-d", device.Node, "--list-inputs");
            Assert.Equal(InputName().Matches(inputs).Select(match => match.Groups[1].Value), device.Inputs.Select(input => input.Name));
            Assert.Equal([0], device.Inputs.Where(input => input.Current).Select(input => input.Index));
        }
    }

    [Fact]
    public async Task An_HDMI_input_tells_its_signal()
    {
        await RunAsync("v4l2-ctl", "-d", "/dev/video0", "-i", "3");
        try
        {
            var there = (await ScanAsync())[0].Inputs[3];
            await RunAsync("v4l2-ctl", "-d", "/dev/video0", "-c", "dv_timings_signal_mode=1");
            var gone = (await ScanAsync())[0].Inputs[3];

            Assert.Equal((true, "ok"), (there.Current, there.Signal));
            // vivid takes the 5 V of its cable away with the signal.
            Assert.Equal((true, "no cable"), (gone.Current, gone.Signal));
        }
        finally
        {
            await RunAsync("v4l2-ctl", "-d", "/dev/video0", "-c", "dv_timings_signal_mode=0");
            await RunAsync("v4l2-ctl", "-d", "/dev/video0", "-i", "0");
        }
    }

    [Fact]
    public async Task Places_are_udevs()
    {
        await VividAsync("n_devs=1");
        try
        {
            foreach (var device in await ScanAsync(anyRole: true))
            {
                var path = UdevPath().Match(await RunAsync("udevadm", "info", device.Node)).Groups[1].Value;
                Assert.NotEmpty(path);
                Assert.StartsWith(path, device.StableId, StringComparison.Ordinal);
            }
        }
        finally
        {
            await VividAsync("n_devs=4", "node_types=0x1,0x1,0x1,0x1", "multiplanar=1,1,2,2");
        }
    }

    [Fact]
    public async Task Nodes_that_are_no_cameras_are_told_apart()
    {
        await VividAsync("n_devs=1");
        try
        {
            var devices = await ScanAsync(anyRole: true);

            foreach (var role in (DeviceRole[])[DeviceRole.Capture, DeviceRole.Output, DeviceRole.Vbi, DeviceRole.Radio, DeviceRole.Sdr, DeviceRole.Metadata, DeviceRole.Touch])
                Assert.Contains(devices, device => device.Role == role);
            Assert.Single(devices, device => device.Role == DeviceRole.Capture);
            Assert.Equal(devices.Count, devices.Select(device => device.StableId).Distinct().Count());
        }
        finally
        {
            await VividAsync("n_devs=4", "node_types=0x1,0x1,0x1,0x1", "multiplanar=1,1,2,2");
        }
    }

    [Fact]
    public async Task Sixty_four_cameras_are_listed_complete()
    {
        await VividAsync("n_devs=64", $"node_types={string.Join(',', Enumerable.Repeat("0x1", 64))}");
        try
        {
            var clock = Stopwatch.StartNew();
            var devices = await ScanAsync();
            TestContext.Current.TestOutputHelper!.WriteLine($"64 nodes in {clock.Elapsed.TotalSeconds:0.00} s");

            Assert.Equal(Enumerable.Range(0, 64).Select(i => $"/dev/video{i}"), devices.Select(device => device.Node));
            Assert.All(devices, device => Assert.Null(device.Problem));
            Assert.All(devices, device => Assert.Equal(devices[0].Modes.Count, device.Modes.Count));
            Assert.Equal(64, devices.Select(device => device.StableId).Distinct().Count());
        }
        finally
        {
            await VividAsync("n_devs=4", "node_types=0x1,0x1,0x1,0x1", "multiplanar=1,1,2,2");
        }
    }

    internal static async Task<IReadOnlyList<Device>> ScanAsync(bool anyRole = false)
    {
        var scan = new DeviceScan("/sys", "/dev", new IdentityLedger(_ => null, _ => null, (_, _) => { }), TimeProvider.System, DeviceProbe.Of);
        var devices = await scan.LookAsync(TestContext.Current.CancellationToken);
        return anyRole ? devices : [.. devices.Where(device => device.Role == DeviceRole.Capture)];
    }

    private static async Task VividAsync(params string[] parameters)
    {
        await RunAsync("udevadm", "settle");
        await RunAsync("modprobe", "-r", "vivid");
        await RunAsync("modprobe", ["vivid", .. parameters]);
        await RunAsync("udevadm", "settle");
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}");
        return output;
    }

    private static string Field(string info, string name) =>
        Regex.Match(info, $@"^\s*{name}\s*: (.*)$", RegexOptions.Multiline).Groups[1].Value;

    /// <summary>v4l2-ctl's list, one entry for each size, rates falling.</summary>
    private static List<Listed> Parse(string text)
    {
        var listed = new List<Listed>();
        var format = "";
        foreach (var line in text.Split('\n'))
        {
            if (FormatLine().Match(line) is { Success: true } named)
                format = named.Groups[1].Value;
            else if (SizeLine().Match(line) is { Success: true } size)
                listed.Add(new Listed(format, size.Groups[1].Value, ""));
            else if (RateLine().Match(line) is { Success: true } rate)
                listed[^1] = listed[^1] with { Rates = $"{rate.Groups[1].Value} {listed[^1].Rates}".Trim() };
        }
        return listed;
    }

    private sealed record Listed(string Format, string Size, string Rates);

    [GeneratedRegex(@"^\s*\[\d+\]: '(.*?)' \(")]
    private static partial Regex FormatLine();

    [GeneratedRegex(@"^\s*Size: Discrete (\d+x\d+)")]
    private static partial Regex SizeLine();

    [GeneratedRegex(@"\((\d+\.\d+) fps\)")]
    private static partial Regex RateLine();

    [GeneratedRegex(@"^\s*Name\s*: (.*)$", RegexOptions.Multiline)]
    private static partial Regex InputName();

    [GeneratedRegex(@"^E: ID_PATH=(.*)$", RegexOptions.Multiline)]
    private static partial Regex UdevPath();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
