using System.Globalization;

namespace ThatDam.Agent.Supervision;

/// <summary>
/// For tests of the watchdog: with <c>THATDAM_DEBUG_HANG=LOOP:SECONDS</c> in the environment that loop hangs for good, so many seconds after
/// the start. Without it nothing happens.
/// </summary>
internal static class DebugHang
{
    /// <summary>The variable.</summary>
    public const string Variable = "THATDAM_DEBUG_HANG";

    private static readonly long Started = TimeProvider.System.GetTimestamp();
    private static readonly (string Loop, TimeSpan After)? Asked = Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Hangs if that was asked for.</summary>
    public static void At(string loop)
    {
        if (Asked is { } asked && asked.Loop == loop && TimeProvider.System.GetElapsedTime(Started) >= asked.After)
            new ManualResetEventSlim().Wait();
    }

    /// <summary>What was asked for; null: nothing, or nothing that can be read.</summary>
    internal static (string Loop, TimeSpan After)? Parse(string? text) =>
        text?.Split(':') is [var loop, var seconds] && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? (loop, TimeSpan.FromSeconds(after))
            : null;
}
