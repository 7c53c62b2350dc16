using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Recording;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>Files whose time is up, and a machine that was suspended.</summary>
public sealed class SegmentSeamTests
{
    [Fact]
    public async Task Between_two_files_whose_time_is_up_no_frame_is_lost()
    {
        var profile = new CameraProfile { Codec = "mjpeg", Width = 320, Height = 180, Segment = TimeSpan.FromSeconds(2) };
        await using var bed = await RecordingBed.StartAsync(RecordingBed.Rule(profile));
        var started = await bed.Recorder.StartAsync(new RecordingRequest { Device = "desk", DurationS = 5 }, null, TestContext.Current.CancellationToken);
        Assert.Equal((320, "mjpeg"), (started.Width, started.Codec));
        var recording = await bed.UntilAsync(started.Id, recording => recording.Stopped is not null, "it has its five seconds");

        Assert.Equal(("stopped", "duration", null), (recording.State, recording.Reason, recording.Error));
        Assert.Equal(["segment", "segment", "duration"], recording.Segments.Select(segment => segment.Reason));
        recording.MustAddUp(bed.Events());
        // A machine at its limit makes the camera late, which counts as lost; between two files nothing else is.
        Assert.InRange(recording.Frames.Captured + recording.Frames.Lost, 149, 151);
        Assert.Equal(0, recording.Frames.Dropped);
        if (recording.Frames.Lost == 0)
        {
            Assert.Empty(recording.Gaps);
            Assert.Equal([60L, 60L, 30L], recording.Segments.Select(segment => segment.Frames!.Written));
        }
        Assert.Equal(["", "-002", "-003"], recording.Segments.Select(segment => Path.GetFileNameWithoutExtension(segment.File)[Path.GetFileNameWithoutExtension(recording.File).Length..]));
        Assert.Equal(1, bed.Openings);
        foreach (var segment in recording.Segments)
            Assert.Equal(segment.Frames!.Written, await segment.DecodedAsync());
        Assert.Equal(3, Directory.GetFiles(bed.Output).Length); // nor is one left that was opened in vain
    }

    [Fact]
    public async Task A_stop_just_before_the_time_is_up_leaves_no_file_of_nothing()
    {
        var profile = new CameraProfile { Codec = "mjpeg", Segment = TimeSpan.FromSeconds(3) };
        await using var bed = await RecordingBed.StartAsync(RecordingBed.Rule(profile));
        var started = await bed.RecordAsync();
        // The next file is opened at half of its time.
        await bed.UntilAsync(started.Id, recording => Directory.GetFiles(bed.Output).Length == 2, "the next file is there");
        var recording = await bed.StopAsync(started);

        Assert.Single(recording.Segments);
        Assert.Single(Directory.GetFiles(bed.Output));
        recording.MustAddUp(bed.Events());
    }

    [Fact]
    public async Task After_a_suspend_a_new_file_begins_and_the_gap_tells_how_long_it_was()
    {
        await using var bed = await RecordingBed.StartAsync();
        var slept = TimeSpan.FromDays(1); // FAKE: what the clocks say; the machine stays awake
        var resumed = 0;
        using var jumps = new ClockJumps(() => slept, bed.Recorder, TimeProvider.System, NullLogger<ClockJumps>.Instance);
        jumps.Resumed += () => resumed++;
        jumps.Start();
        slept += TimeSpan.FromHours(2); // nothing records
        Assert.True(jumps.Look()); // as once a minute
        Assert.Equal(1, resumed);
        slept += TimeSpan.FromHours(2);
        var started = await bed.RecordAsync();
        await bed.FilledAsync(started.Id, 1);
        Assert.False(jumps.Look());
        slept += TimeSpan.FromHours(1);
        await bed.FilledAsync(started.Id, 2); // its own timer looks
        var recording = await bed.StopAsync(started);

        Assert.Equal(["suspended", "manual"], recording.Segments.Select(segment => segment.Reason));
        var gap = Assert.Single(recording.Gaps);
        Assert.Equal((1, "suspended"), (gap.After, gap.Reason));
        Assert.InRange(gap.LengthS!.Value, 3600, 3610);
        Assert.Equal(3, resumed); // the second when it began
        recording.MustAddUp(bed.Events());
    }
}
