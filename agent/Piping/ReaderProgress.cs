using System.Globalization;

namespace ThatDam.Agent.Piping;

/// <summary>
/// Whether the reader of a pipe reads, by what it leaves in it: a pipe that still has room for small frames hides that nobody reads. One
/// thread at a time.
/// </summary>
internal sealed class ReaderProgress
{
    private const int StartLimit_ms = 60_000; // an overloaded machine takes its time to start a program
    private const int StuckLimit_ms = 3_500; // whether it is at work takes two looks, half a second apart
    private const int ExcusedLimit_ms = 60_000;

    private long _read;
    private long _since_ms = Environment.TickCount64;

    /// <summary>Why it is to be given up; null while it reads, or has nothing to read. To be asked often.</summary>
    /// <param name="written">Bytes put into the pipe so far.</param>
    /// <param name="unread">Bytes in it; read after <paramref name="written"/>.</param>
    /// <param name="startEnd">Bytes that it must have read before it counts as started.</param>
    /// <param name="excuse">Whether it cannot be blamed at this moment.</param>
    public string? Stuck(long written, long unread, long startEnd, Func<bool>? excuse)
    {
        var now_ms = Environment.TickCount64;
        var read = written - unread;
        if (unread == 0 || read > _read)
        {
            (_read, _since_ms) = (Math.Max(read, _read), now_ms);
            return null;
        }
        var still_ms = now_ms - _since_ms;
        if (still_ms <= StuckLimit_ms)
            return null;
        var limit_ms = read < startEnd ? StartLimit_ms : excuse?.Invoke() == true ? ExcusedLimit_ms : StuckLimit_ms;
        return still_ms > limit_ms ? string.Create(CultureInfo.InvariantCulture, $"it read nothing for {limit_ms / 1000.0} s") : null;
    }
}
