using ThatDam.Agent.Recording;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>How a recording is told to have ended.</summary>
public sealed class RecordingVerdictTests
{
    private static readonly RecordingEnd Manual = new("manual", null);

    [Theory]
    [InlineData(nameof(CutReason.Stalled))]
    [InlineData(nameof(CutReason.SourceChanged))]
    [InlineData(nameof(CutReason.FfmpegLost))]
    [InlineData(nameof(CutReason.Suspended))]
    public void Who_stops_it_while_its_file_is_cut_has_stopped_it(string cut)
    {
        var end = End(Enum.Parse<CutReason>(cut));
        Assert.Equal(Manual, RecordingVerdict.OfAll(end, Manual, 10, resumes: false));
        Assert.NotEqual("manual", RecordingVerdict.OfAll(end, asked: null, 10, resumes: false).Reason);
    }

    [Theory]
    [InlineData(true, "manual", null)]
    [InlineData(false, "device_lost", "what happened")]
    public void A_camera_that_is_unplugged_at_that_moment_ended_it_unless_it_would_have_been_waited_for(bool resumes, string reason, string? error) =>
        Assert.Equal(new RecordingEnd(reason, error), RecordingVerdict.OfAll(End(CutReason.DeviceLost), Manual, 10, resumes));

    [Fact]
    public void A_disk_that_fails_at_that_moment_did() =>
        Assert.Equal(new RecordingEnd("disk_full", "what happened"), RecordingVerdict.OfAll(End(CutReason.DiskFull), Manual, 10, resumes: true));

    private static SegmentEnd End(CutReason cut) => new() { Cut = cut, Error = "what happened", Frames = new Contract.FrameCounts { Captured = 10, Written = 10 }, Bytes = 1, First_us = 1, Last_us = 2, Span_us = 1, Interval_us = 1 };
}
