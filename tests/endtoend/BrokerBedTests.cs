namespace ThatDam.EndToEnd.Tests;

/// <summary>A kernel's camera and a real broker, in the test bed.</summary>
[Trait("bed", "guest")]
[Trait("boot", "2")]
[Collection<VividBed>]
public sealed class BrokerBedTests
{
    [Fact]
    public async Task What_a_vivid_camera_does_arrives_at_a_real_broker()
    {
        await using var broker = await Broker.StartAsync();
        await using var tap = await EventTap.StartAsync(broker, "events");
        await using var daemon = await EventsOfDaemon.StartAsync(new DaemonSettings { VirtualCameras = 0 }, $"Broker.Url={broker.Url}");
        var recording = await daemon.RecordAsync("/dev/video0", 2, "--size", "320x180", "--fps", "30", "--codec", "mjpeg");

        var stopped = (await tap.WaitAsync("capture.recording_stopped", seconds: 120))[0];
        Assert.Equal((recording.File, "duration", recording.StableId), (stopped.Text("file"), stopped.Text("reason"), stopped.Text("stable_id")));
        Assert.Equal(recording.Frames.Written, stopped.Json.GetProperty("frames").GetProperty("written").GetInt64());
        Assert.Contains((await tap.WaitAsync("capture.alive", seconds: 120))[0].Json.GetProperty("devices").EnumerateArray(), device => device.GetProperty("id").GetString() == "/dev/video0");
        await tap.WaitAsync("capture.segment.created", seconds: 120);
        await daemon.AllSentAsync(120);
    }
}
