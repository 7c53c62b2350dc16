using ThatDam.Cli.Doctor;
using ThatDam.Cli.Output;

namespace ThatDam.Cli.Tests;

/// <summary>What a run of damctl came to.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Error)
{
    /// <summary>The output, given that the run went well.</summary>
    public string Good()
    {
        Assert.Equal((0, ""), (ExitCode, Error));
        return Out;
    }
}

/// <summary>Runs damctl within the test.</summary>
internal static class Damctl
{
    /// <summary>Runs it with its output in a pipe.</summary>
    public static Outcome Run(FakeDaemon? daemon, params string[] args) => Run(daemon, width: null, args);

    /// <summary>Runs it on a terminal of that width; null for a pipe.</summary>
    public static Outcome Run(FakeDaemon? daemon, int? width, string[] args, bool styled = false, bool redraws = false, byte[]? input = null, Machine? machine = null)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var terminal = new Terminal
        {
            Out = output,
            Error = error,
            In = () => new MemoryStream(input ?? []),
            Width = width,
            Styled = styled,
            Redraws = redraws,
            Variable = name => name == "THATDAM_SOCKET" ? daemon?.SocketPath ?? "/nowhere/capture.sock" : null,
            Time = new StillTime(),
        };
        int exitCode = CommandLine.Run(args, terminal, machine);
        return new Outcome(exitCode, output.ToString(), error.ToString());
    }

    private sealed class StillTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Samples.Moment;
    }
}
