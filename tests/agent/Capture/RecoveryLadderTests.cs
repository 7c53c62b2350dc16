using ThatDam.Agent.Capture;
using ThatDam.Agent.Tests.Devices;

namespace ThatDam.Agent.Tests.Capture;

public sealed class RecoveryLadderTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void It_is_opened_anew_then_reset_then_tried_ever_more_rarely()
    {
        var ladder = new RecoveryLadder(_time);
        Assert.Equal(
            [
                "Reopen 0", "UsbReset 0 reset", "GiveUp 1", "GiveUp 2 reset", "GiveUp 4", "GiveUp 8 reset", "GiveUp 16", "GiveUp 30 reset", "GiveUp 30", "GiveUp 30 reset",
            ],
            Steps(ladder, 10, mayReset: true));
    }

    [Fact]
    public void What_a_reset_cannot_help_is_not_reset() =>
        Assert.Equal(["Reopen 0", "Reopen 0", "GiveUp 1", "GiveUp 2"], Steps(new RecoveryLadder(_time), 4, mayReset: false));

    [Theory]
    [InlineData(9, "GiveUp 1")]
    [InlineData(11, "Reopen 0")]
    public void A_stream_of_more_than_ten_seconds_begins_it_anew(int seconds, string next)
    {
        var ladder = new RecoveryLadder(_time);
        Steps(ladder, 2, mayReset: true);
        ladder.Streams();
        _time.Pass(TimeSpan.FromSeconds(seconds));
        ladder.Ends();
        Assert.Equal([next], Steps(ladder, 1, mayReset: true));
    }

    [Fact]
    public void The_wall_clock_moves_nothing()
    {
        var ladder = new RecoveryLadder(_time);
        Steps(ladder, 2, mayReset: true);
        ladder.Streams();
        _time.SetWall(TimeSpan.FromHours(1));
        ladder.Ends();
        Assert.Equal(["GiveUp 1"], Steps(ladder, 1, mayReset: true));
    }

    [Fact]
    public void A_camera_that_is_lost_again_and_again_though_nobody_unplugs_it_is_climbed_for()
    {
        var ladder = new RecoveryLadder(_time);
        Assert.True(ladder.IsFirstLoss());
        Assert.False(ladder.IsFirstLoss());
        ladder.Reset();
        Assert.True(ladder.IsFirstLoss());
    }

    private static string[] Steps(RecoveryLadder ladder, int count, bool mayReset) => [.. Enumerable.Range(0, count)
        .Select(_ => ladder.Next(mayReset)).Select(step => $"{step.Rung} {step.Wait.TotalSeconds}{(step.ResetUsb ? " reset" : "")}")];
}
