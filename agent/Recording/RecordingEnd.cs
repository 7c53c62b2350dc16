namespace ThatDam.Agent.Recording;

/// <summary>How a recording ends.</summary>
/// <param name="Reason">The contract's word.</param>
/// <param name="Error">What went wrong, if something did.</param>
internal sealed record RecordingEnd(string Reason, string? Error)
{
    /// <summary>With the end of its last file.</summary>
    /// <param name="end">That end.</param>
    /// <param name="asked">What was asked for; null: nothing.</param>
    /// <param name="written">Frames in all its files.</param>
    public static RecordingEnd Of(SegmentEnd end, RecordingEnd? asked, long written)
    {
        if (end.Cut == CutReason.Asked || (asked is not null && end.Cut is CutReason.Segment or CutReason.Suspended))
            return new RecordingEnd(asked?.Reason ?? "manual", asked?.Error ?? (written == 0 ? end.Error : null));
        // A word of a file after which a recording goes on is none of its own.
        var word = end.Cut switch
        {
            CutReason.Duration => "duration",
            CutReason.DeviceLost => "device_lost",
            CutReason.DiskFull => "disk_full",
            _ => "error",
        };
        return new RecordingEnd(word, end.Error);
    }
}
