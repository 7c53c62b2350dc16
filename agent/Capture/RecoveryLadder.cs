namespace ThatDam.Agent.Capture;

/// <summary>
/// What to try next with a camera whose stream failed: open it anew, reset it on its USB bus, then give up for a while, longer each time,
/// and try again. The first rung, to restart the stream, is the session's own. Pure.
/// </summary>
internal sealed class RecoveryLadder
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A stream that ran so long shows that the camera has recovered.</summary>
    public static readonly TimeSpan Recovered = TimeSpan.FromSeconds(10);

    private int _taken;

    /// <summary>The next rung.</summary>
    /// <param name="streamed">How long the last stream ran.</param>
    public RecoveryStep Next(TimeSpan streamed)
    {
        if (streamed >= Recovered)
            _taken = 0;
        var rung = _taken++;
        if (rung == 0)
            return new RecoveryStep(RecoveryRung.Reopen, TimeSpan.Zero);
        if (rung == 1)
            return new RecoveryStep(RecoveryRung.UsbReset, TimeSpan.Zero);
        // Pauses of 1, 2, 4 … 30 s; every second time the bus is reset again.
        var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(rung - 2, 10)), LongestPause.TotalSeconds));
        return new RecoveryStep(rung % 2 == 1 ? RecoveryRung.UsbReset : RecoveryRung.Reopen, pause);
    }

    /// <summary>The camera is another one now, or was plugged in anew: from the bottom.</summary>
    public void Reset() => _taken = 0;
}

/// <summary>One rung, and how long to give up before it is taken.</summary>
internal sealed record RecoveryStep(RecoveryRung Rung, TimeSpan Pause);

/// <summary>What is tried.</summary>
internal enum RecoveryRung
{
    /// <summary>To open the device anew.</summary>
    Reopen,

    /// <summary>To reset it on its USB bus (USBDEVFS_RESET), then to open it anew.</summary>
    UsbReset,
}
