using ThatDam.Agent.Hosting;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void A_path_of_a_flag_is_relative_to_where_the_user_stands()
    {
        var flags = CommandLine.Parse(["--config", "my.conf", "--state", "st"], _output, _error, out _)!;
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "my.conf"), flags.ConfigurationFile);
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "st"), Assert.Single(flags.Values).Value);
    }

    [Fact]
    public void Set_may_come_again_and_its_value_may_hold_anything()
    {
        var flags = CommandLine.Parse(["--set", "A.B=c=d", "--set", "A.C= x "], _output, _error, out _)!;
        Assert.Equal([("A", "B", "c=d"), ("A", "C", "x")], flags.Values.Select(entry => (entry.Section, entry.Name, entry.Value)));
    }

    [Theory]
    [InlineData("--set", "Nonsense", "--set Nonsense: give it as Section.Key=VALUE")]
    [InlineData("--set", "Log.Level", "--set Log.Level: give it as Section.Key=VALUE")]
    [InlineData("--socket", "", "--socket needs a path.")]
    [InlineData("--bogus", "x", "'--bogus'")]
    public void A_mistake_is_told_and_ends_with_2(string flag, string value, string told)
    {
        Assert.Null(CommandLine.Parse([flag, value], _output, _error, out var exitCode));
        Assert.Equal(2, exitCode);
        Assert.Contains(told, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("remedy: thatdam-capture --help", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Theory]
    [InlineData("--version", "thatdam-capture ")]
    [InlineData("--help", "--set <Section.Key=VALUE>")]
    public void What_was_asked_for_is_printed_and_nothing_runs(string flag, string told)
    {
        Assert.Null(CommandLine.Parse([flag], _output, _error, out var exitCode));
        Assert.Equal(0, exitCode);
        Assert.Contains(told, _output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}
