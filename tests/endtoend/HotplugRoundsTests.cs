using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A camera goes and comes back while it is recorded, many times: it is one recording, every file of it is whole, and nothing is left over.</summary>
[Trait("bed", "guest")]
[Trait("boot", "1")]
[Collection<UsbBed>]
public sealed class HotplugRoundsTests(ITestOutputHelper output)
{
    // A leak of a file or a buffer in each round would be more over fifty rounds, and a runtime's heap is not more exact than that.
    private const int SpareMemory_kB = 12_000;

    private static int Rounds => Programs.FullLength ? 50 : 5;

    [Fact]
    public async Task A_usb_camera_that_is_unplugged_and_plugged_again()
    {
        await using var daemon = await DaemonCameras.StartAsync("[Camera:desk]\nMatch=serial:ROUND-1\nOnReplug=resume\n");
        UsbCamera? camera = null;
        try
        {
            await PlugAsync();
            await daemon.OnlineAsync(camera!.Node);
            await RoundsAsync(daemon, "desk", [], async () =>
            {
                await camera.UnplugAsync();
                return camera.Gone;
            }, PlugAsync);
        }
        finally
        {
            if (camera is not null)
                await camera.DisposeAsync();
        }

        async Task<DateTimeOffset> PlugAsync()
        {
            if (camera is not null)
                await camera.DisposeAsync();
            camera = await UsbCamera.PlugAsync(new UsbCameraSettings { Serial = "ROUND-1" });
            return camera.Appeared;
        }
    }

    [Fact]
    public async Task A_vivid_camera_that_is_unbound_and_bound_again()
    {
        var node = await Vivid.LoadAsync(VividInput.Webcam);
        try
        {
            await using var daemon = await DaemonCameras.StartAsync("");
            await daemon.OnlineAsync(node);
            await RoundsAsync(daemon, node, ["--resume", "--codec", "mjpeg", "--size", "320x180", "--fps", "30"], Vivid.UnbindAsync, Vivid.BindAsync);
        }
        finally
        {
            await Vivid.UnloadAsync();
        }
    }

    private async Task RoundsAsync(Daemon daemon, string device, string[] options, Func<Task<DateTimeOffset>> unplug, Func<Task<DateTimeOffset>> plug)
    {
        var started = await daemon.StartRecordingAsync(device, options);
        Assert.True(started.Resume);
        List<double> stop_s = [], list_s = [], streaming_s = [], resumed_s = [];
        Footprint? before = null;
        for (var round = 1; round <= Rounds + 1; round++)
        {
            await daemon.CapturedAsync(started.Id, 15);
            // An ffmpeg that is still starting takes longer to end here than the promise allows.
            await Eventually.TrueAsync(async () => (await daemon.ShowAsync(started.Id)).Segments[^1].Bytes > 0, "the file has begun", 30);
            // The first round wakes what sleeps until it is needed.
            if (round == 2)
                before = Footprint.Of(daemon);

            var mark = daemon.Mark();
            var gone = await unplug();
            var stopped = await daemon.StoppedAsync(mark, started.Id, round);
            Assert.Equal("device_lost", stopped.Text("reason"));
            stop_s.Add((stopped.At - gone).TotalSeconds);
            list_s.Add(((await daemon.ListedAsync(mark, started.StableId!, "offline")).At - gone).TotalSeconds);
            Assert.Equal("waiting", (await daemon.ShowAsync(started.Id)).State);

            mark = daemon.Mark();
            var back = await plug();
            resumed_s.Add(((await daemon.StartedAsync(mark, started.Id, round + 1)).At - back).TotalSeconds);
            streaming_s.Add(((await daemon.StateAsync(mark, started.StableId!, "streaming")).At - back).TotalSeconds);
        }
        await daemon.CapturedAsync(started.Id, 15);
        await before!.MustNotHaveGrownAsync(daemon, SpareMemory_kB, output);

        var recording = await daemon.StopRecordingAsync(started.Id);
        Print("node gone → recording_stopped", stop_s);
        Print("node gone → device_list", list_s);
        Print("node back → streaming", streaming_s);
        Print("node back → recording_started", resumed_s);
        Assert.Equal(Rounds + 2, recording.Segments.Count);
        await recording.MustBeWholeInPartsAsync();
        await daemon.MustTellAsync(recording);
        var status = await daemon.CameraAsync(started.StableId!);
        Assert.True(status.Transitions["lost"] >= Rounds + 1, string.Join(", ", status.Transitions));
        Assert.All(stop_s.Concat(list_s), seconds => Assert.InRange(seconds, double.MinValue, 2));
        // 2 s is the promise; here an ffmpeg that starts takes 2.5 s of the only processor meanwhile.
        Assert.All(resumed_s, seconds => Assert.InRange(seconds, double.MinValue, 5));
    }

    private void Print(string what, List<double> seconds)
    {
        seconds.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: p50 {seconds[seconds.Count / 2]:F3} s, max {seconds[^1]:F3} s of {seconds.Count}"));
    }
}
