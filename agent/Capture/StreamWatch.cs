using System.Globalization;

namespace ThatDam.Agent.Capture;

/// <summary>
/// Says when a stream has stalled: no frame for three intervals and 2 s, and 5 s after a start, for cameras take their time. Once its stream
/// may be started again; when that brings no frame, or the frames stop again soon, it is over. Pure: told the time, in milliseconds of any
/// clock that never jumps. For one thread.
/// </summary>
internal sealed class StreamWatch
{
    /// <summary>A stream that has run for so long has recovered.</summary>
    public const long Steady_ms = 10_000;

    private const int Intervals = 3;
    private const long Grace_ms = 2000;
    private const long StartGrace_ms = 5000;
    private const double UnknownInterval_ms = 1000;

    private readonly long _intervals_ms;
    private long _last_ms;
    private long _steadySince_ms;
    private bool _starting = true;
    private bool _restarted;

    /// <param name="fps">Frames per second; 0 where the driver does not say.</param>
    /// <param name="now_ms">The stream starts.</param>
    public StreamWatch(double fps, long now_ms)
    {
        _intervals_ms = (long)(Intervals * (fps > 0 ? 1000 / fps : UnknownInterval_ms));
        _last_ms = now_ms;
    }

    /// <summary>How long no frame may come now.</summary>
    public long Limit_ms => _intervals_ms + (_starting ? StartGrace_ms : Grace_ms);

    /// <summary>A frame came. True when it is the first since the stream was started.</summary>
    public bool Frame(long now_ms)
    {
        var first = _starting;
        _last_ms = now_ms;
        _starting = false;
        if (first)
            _steadySince_ms = now_ms;
        else if (now_ms - _steadySince_ms >= Steady_ms)
            _restarted = false;
        return first;
    }

    /// <summary>No frame can come now, and that is not the camera's fault: its time begins anew.</summary>
    public void Excuse(long now_ms) => _last_ms = now_ms;

    /// <summary>How it stands.</summary>
    public StreamVerdict Look(long now_ms) =>
        now_ms - _last_ms <= Limit_ms ? StreamVerdict.Runs
        : _restarted ? StreamVerdict.Over
        : StreamVerdict.Stalled;

    /// <summary>When to look next at the latest.</summary>
    public int Wait_ms(long now_ms) => (int)Math.Max(0, _last_ms + Limit_ms + 1 - now_ms);

    /// <summary>The stream was started again.</summary>
    public void Restarted(long now_ms)
    {
        _last_ms = now_ms;
        (_starting, _restarted) = (true, true);
    }

    /// <summary>For how long no frame has come, in words.</summary>
    public string Silence(long now_ms) => string.Create(CultureInfo.InvariantCulture, $"no frame for {(now_ms - _last_ms) / 1000.0:0.0} s");
}

/// <summary>How a stream stands.</summary>
internal enum StreamVerdict
{
    /// <summary>Frames come, or may still.</summary>
    Runs,

    /// <summary>None comes: it is to be started again.</summary>
    Stalled,

    /// <summary>None comes though it was started again.</summary>
    Over,
}
