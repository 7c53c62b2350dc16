namespace ThatDam.Agent.Capture;

/// <summary>
/// Says when a stream that should deliver frames has stalled: no frame for three frame intervals and two seconds, of one that has just
/// been started five. Pure; for one thread.
/// </summary>
/// <param name="fps">Frames per second of the mode; 0 where the driver does not say.</param>
/// <param name="now_ms">When the stream was started, milliseconds of any steady clock.</param>
internal sealed class StreamWatch(double fps, long now_ms)
{
    private const double Frames = 3;
    private const double Slack_ms = 2000;
    private const double FirstSlack_ms = 5000; // a camera that has just been started takes its time
    private const double UnknownInterval_ms = 1000;

    private readonly double _frames_ms = Frames * (fps > 0 ? 1000 / fps : UnknownInterval_ms);
    private long _since_ms = now_ms;
    private long _first_ms = -1;
    private bool _restarted;

    /// <summary>How long the stream may be silent now, milliseconds.</summary>
    public double Limit_ms => _frames_ms + (_first_ms < 0 ? FirstSlack_ms : Slack_ms);

    /// <summary>Whether the restart that was asked for has not brought a frame yet.</summary>
    public bool IsStalled => _restarted;

    /// <summary>How long frames have come, from the first to the last one, milliseconds.</summary>
    public long Streamed_ms { get; private set; }

    /// <summary>Whether there was a frame at all.</summary>
    public bool HasFrames => _first_ms >= 0;

    /// <summary>A frame came.</summary>
    public void Frame(long now_ms)
    {
        if (_first_ms < 0)
            _first_ms = now_ms;
        Streamed_ms = now_ms - _first_ms;
        _since_ms = now_ms;
        _restarted = false;
    }

    /// <summary>None can come, for we have every buffer: that is not the camera's fault.</summary>
    public void Excuse(long now_ms) => _since_ms = now_ms;

    /// <summary>What is to be done when no frame came.</summary>
    public StreamVerdict Look(long now_ms)
    {
        if (now_ms - _since_ms <= Limit_ms)
            return StreamVerdict.Patience;
        if (_restarted)
            return StreamVerdict.GiveUp;
        _restarted = true;
        _since_ms = now_ms;
        return StreamVerdict.Restart;
    }
}

/// <summary>What is to be done about a stream that delivers nothing.</summary>
internal enum StreamVerdict
{
    /// <summary>Nothing yet.</summary>
    Patience,

    /// <summary>It is to be restarted.</summary>
    Restart,

    /// <summary>The restart did not help.</summary>
    GiveUp,
}
