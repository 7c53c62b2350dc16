using ThatDam.Agent.Tenancy;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Tests.Tenancy;

public sealed class PrincipalTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void A_user_of_this_machine_has_its_number_and_its_name()
    {
        Assert.Equal("uid:0(root)", Principal.Of(0));
        Assert.Equal("uid:4123456789", Principal.Of(4_123_456_789));
    }

    [Theory]
    [InlineData("anna", "uid:1000(anna)")]
    [InlineData("Anna.B-c_d9$", "uid:1000(Anna.B-c_d9$)")]
    [InlineData("a)\nroot(", "uid:1000(a??root?)")]
    [InlineData("anna@example", "uid:1000(anna?example)")]
    [InlineData("änna b", "uid:1000(?nna?b)")]
    [InlineData("", "uid:1000")]
    [InlineData(null, "uid:1000")]
    public void A_name_is_told_in_harmless_characters(string? name, string principal) => Assert.Equal(principal, new Principal(_ => name, _clock).Text(1000));

    [Fact]
    public void Users_that_cannot_be_looked_up_are_still_numbers() =>
        Assert.Equal("uid:1000", new Principal(_ => throw new NativeException("getpwuid_r", "uid 1000", Errno.EMFILE), _clock).Text(1000));

    [Fact]
    public void A_name_is_looked_up_once_a_minute()
    {
        var asked = 0;
        var principal = new Principal(uid => $"name{++asked}", _clock);

        Assert.Equal("uid:1(name1)", principal.Text(1));
        Assert.Equal("uid:2(name2)", principal.Text(2));
        _clock.Now += TimeSpan.FromSeconds(59);
        Assert.Equal("uid:1(name1)", principal.Text(1));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal("uid:1(name3)", principal.Text(1));
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
