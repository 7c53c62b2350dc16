using ThatDam.Contract;

namespace ThatDam.Cli.Output;

/// <summary>Frames per second as they really come, from one update of a recording to the next.</summary>
internal sealed class Pace
{
    private readonly Dictionary<string, (long Captured, double Duration_s, double Fps)> _last = [];

    /// <summary>The rate since the last update; the last one known where nothing has moved.</summary>
    public double Fps(Recording recording)
    {
        (long captured, double duration_s, double fps) = _last.GetValueOrDefault(recording.Id);
        double elapsed_s = recording.DurationS - duration_s;
        if (elapsed_s > 0)
            fps = (recording.Frames.Captured - captured) / elapsed_s;
        _last[recording.Id] = (recording.Frames.Captured, recording.DurationS, fps);
        return fps;
    }
}
