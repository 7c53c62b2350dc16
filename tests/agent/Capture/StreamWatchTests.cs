using ThatDam.Agent.Capture;

namespace ThatDam.Agent.Tests.Capture;

public sealed class StreamWatchTests
{
    [Theory]
    [InlineData(30, 5100, 2100)]
    [InlineData(0.5, 11_000, 8000)]
    [InlineData(0, 8000, 5000)] // a driver that does not say its rate
    public void A_stream_may_be_silent_for_three_frames_and_two_seconds_and_longer_at_its_start(double fps, long start_ms, long later_ms)
    {
        var watch = new StreamWatch(fps, now_ms: 1000);
        Assert.Equal(StreamVerdict.Runs, watch.Look(1000 + start_ms));
        Assert.Equal(StreamVerdict.Stalled, watch.Look(1001 + start_ms));

        Assert.True(watch.Frame(2000));
        Assert.False(watch.Frame(3000));
        Assert.Equal(StreamVerdict.Runs, watch.Look(3000 + later_ms));
        Assert.Equal(StreamVerdict.Stalled, watch.Look(3001 + later_ms));
        Assert.Equal(later_ms + 1, watch.Wait_ms(3000));
    }

    [Fact]
    public void It_is_over_when_the_stream_was_started_again_in_vain()
    {
        var watch = new StreamWatch(30, 0);
        watch.Frame(100);
        watch.Restarted(3000);
        Assert.Equal(StreamVerdict.Runs, watch.Look(8000));
        Assert.Equal(StreamVerdict.Over, watch.Look(8101));
    }

    [Fact]
    public void One_frame_after_each_restart_is_no_recovery_and_ten_seconds_of_them_are()
    {
        var watch = new StreamWatch(30, 0);
        watch.Restarted(1000);
        Assert.True(watch.Frame(1100));
        Assert.Equal(StreamVerdict.Over, watch.Look(3300));

        for (var now_ms = 1200; now_ms <= 11_100; now_ms += 100)
            watch.Frame(now_ms);
        Assert.Equal(StreamVerdict.Stalled, watch.Look(13_300));
    }

    [Fact]
    public void While_consumers_keep_every_buffer_no_time_counts()
    {
        var watch = new StreamWatch(30, 0);
        watch.Frame(100);
        watch.Excuse(9000);
        Assert.Equal(StreamVerdict.Runs, watch.Look(11_000));
        Assert.Equal("no frame for 2.0 s", watch.Silence(11_000));
    }
}
