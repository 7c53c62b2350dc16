using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Capture;

/// <summary>What a user reads when an input receives no picture.</summary>
public sealed class NoSignalTests
{
    private static readonly Device Receiver = new()
    {
        Node = "/dev/video0",
        Kind = DeviceKind.V4L2,
        Role = DeviceRole.Capture,
        Name = "HDMI receiver",
        Driver = "vivid",
        Bus = "platform:vivid-000",
        StableId = "platform-vivid.0",
        Inputs = [new DeviceInput(0, "HDMI", true, null)],
        LastSeen = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero),
    };

    [Theory]
    [InlineData("no device")]
    [InlineData("no power")]
    [InlineData("no cable")]
    [InlineData("no signal")]
    [InlineData("no sync")]
    [InlineData("out of range")]
    [InlineData("no carrier")]
    [InlineData("no idea")]
    public void A_word_has_one_reading(string word)
    {
        var problem = OpenProblems.NoSignal(Receiver, word).Problem;
        Assert.Equal($"/dev/video0 receives no picture on its input HDMI: {word}.", problem.Detail);
        Assert.Equal($"{SignalAdvice.Of(word).Remedy}.", problem.Remedy, ignoreCase: true);
    }

    [Fact]
    public void No_power_is_the_source_that_is_switched_off() => Assert.Equal("Switch the source on.", OpenProblems.NoSignal(Receiver, "no power").Problem.Remedy);
}
