using System.Globalization;
using System.Text.Json;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A camera that another program holds: the daemon says so, and <c>damctl doctor</c> names the program.</summary>
[Trait("bed", "guest")]
[Trait("boot", "2")]
[Collection<VividBed>]
public sealed class DoctorTests(VividCameras cameras)
{
    private const string Node = "/dev/video1";
    private static readonly string[] Mode = ["--size", "320x180", "--fps", "30", "--codec", "mjpeg"];

    private Daemon Daemon => cameras.Daemon;

    [Fact]
    public async Task The_process_that_holds_a_camera_is_named()
    {
        using (var holder = new Holder("v4l2-ctl", "-d", Node, "--stream-mmap", "--stream-to=/dev/null"))
        {
            await Eventually.TrueAsync(async () => (await Daemon.DamctlAsync(["record", "start", Node, "--duration", "0.1s", "--wait", .. Mode])).ExitCode != 0, "the device is busy", 30);
            (await Daemon.DamctlAsync(["record", "start", Node, .. Mode])).MustFail(6, Node, "held by another process", "remedy");

            var id = Assert.Single(Processes.All(), p => p.Name == "v4l2-ctl").Id.ToString(CultureInfo.InvariantCulture);
            foreach (var said in new[] { await Daemon.DamctlAsync("doctor", Node), await Daemon.DamctlAsync("doctor") })
            {
                Assert.Contains(Node, said.Stdout, StringComparison.Ordinal);
                Assert.Contains(id, said.Stdout, StringComparison.Ordinal);
                Assert.Contains("v4l2-ctl", said.Stdout, StringComparison.Ordinal);
            }
            using var json = JsonDocument.Parse((await Daemon.DamctlAsync("doctor", Node, "-o", "json")).Stdout);
            Assert.Contains(id, json.RootElement.ToString(), StringComparison.Ordinal);
        }

        await (await Daemon.RecordAsync(Node, 0.5, Mode)).MustBeWholeAsync();
    }

    [Fact]
    public async Task A_camera_that_is_well_is_said_to_be()
    {
        var said = (await Daemon.DamctlAsync("doctor", Node)).MustSucceed();
        Assert.Contains(Node, said.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("v4l2-ctl", said.Stdout, StringComparison.Ordinal);
        (await Daemon.DamctlAsync("doctor", "no-such-camera")).MustFail(3, "no-such-camera");
    }

    [Fact]
    public async Task A_camera_that_we_record_is_not_said_to_be_held_by_somebody_else()
    {
        var recording = await Daemon.StartRecordingAsync(Node, Mode);
        var said = await Daemon.DamctlAsync("doctor", Node);
        await Daemon.StopRecordingAsync(recording.Id);

        Assert.True(said.ExitCode == 0, said.ToString());
        Assert.DoesNotContain("another process", said.Stdout, StringComparison.Ordinal);
    }
}
