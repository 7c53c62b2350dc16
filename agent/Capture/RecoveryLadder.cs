namespace ThatDam.Agent.Capture;

/// <summary>
/// What is tried next with a camera whose stream has failed, and how soon: opened anew at once, then its USB device is reset, then again and
/// again, ever more rarely, every second time with a reset. A stream that ran for more than 10 s sets it back to the first rung. Decides only;
/// for any thread.
/// </summary>
/// <param name="time">The clock; the monotonic one is used.</param>
internal sealed class RecoveryLadder(TimeProvider time)
{
    /// <summary>The longest wait between two tries.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);
    private const int RungsBeforeGivingUp = 2;

    private readonly Lock _gate = new();
    private int _tries;
    private bool _wasLost;
    private long? _streamsSince;

    /// <summary>Frames come, from now on.</summary>
    public void Streams()
    {
        lock (_gate)
            _streamsSince = time.GetTimestamp();
    }

    /// <summary>They come no more.</summary>
    public void Ends()
    {
        lock (_gate)
        {
            if (_streamsSince is { } since && time.GetElapsedTime(since) > Steady)
                (_tries, _wasLost) = (0, false);
            _streamsSince = null;
        }
    }

    /// <summary>The next rung is the first again: the camera was plugged in anew.</summary>
    public void Reset()
    {
        lock (_gate)
            (_tries, _wasLost) = (0, false);
    }

    /// <summary>
    /// Whether a camera that was lost, and is there, is tried at once and for nothing. The second time it is climbed for: its driver ends the
    /// stream though nobody unplugs it.
    /// </summary>
    public bool IsFirstLoss()
    {
        lock (_gate)
        {
            var first = !_wasLost;
            _wasLost = true;
            return first;
        }
    }

    /// <summary>The next rung.</summary>
    /// <param name="mayReset">Whether a reset may help: not when another process holds the camera.</param>
    public RecoveryStep Next(bool mayReset)
    {
        lock (_gate)
        {
            _tries++;
            if (_tries <= RungsBeforeGivingUp)
                return new RecoveryStep(_tries == RungsBeforeGivingUp && mayReset ? RecoveryRung.UsbReset : RecoveryRung.Reopen, TimeSpan.Zero, _tries == RungsBeforeGivingUp && mayReset);
            var round = _tries - RungsBeforeGivingUp - 1;
            var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, 1L << Math.Min(round, 5)));
            return new RecoveryStep(RecoveryRung.GiveUp, wait, mayReset && round % 2 == 1);
        }
    }
}

/// <summary>What is tried next.</summary>
/// <param name="Rung">The rung.</param>
/// <param name="Wait">How long to wait first.</param>
/// <param name="ResetUsb">Whether the USB device is reset then.</param>
internal readonly record struct RecoveryStep(RecoveryRung Rung, TimeSpan Wait, bool ResetUsb);

/// <summary>The rungs that are climbed once a stream has ended; before that it was started again.</summary>
internal enum RecoveryRung
{
    /// <summary>Opened anew.</summary>
    Reopen,

    /// <summary>Its USB device is reset, then opened anew.</summary>
    UsbReset,

    /// <summary>Given up, and tried again after a while.</summary>
    GiveUp,
}
