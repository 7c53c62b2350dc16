namespace ThatDam.Agent.Supervision;

/// <summary>
/// For tests of the watchdog: with <c>THATDAM_DEBUG_HANG=LOOP:PATH</c> in the environment that loop hangs for good as soon as there is such a
/// file. Without it nothing happens.
/// </summary>
internal static class DebugHang
{
    /// <summary>The variable.</summary>
    public const string Variable = "THATDAM_DEBUG_HANG";

    private static readonly (string Loop, string Path)? Asked = Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Hangs if that was asked for.</summary>
    public static void At(string loop)
    {
        if (Asked is { } asked && asked.Loop == loop && File.Exists(asked.Path))
            new ManualResetEventSlim().Wait();
    }

    /// <summary>What was asked for; null: nothing, or nothing that can be read.</summary>
    internal static (string Loop, string Path)? Parse(string? text) => text?.Split(':', 2) is [var loop, ['/', ..] path] ? (loop, path) : null;
}
