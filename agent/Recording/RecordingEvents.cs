using System.Text.Json;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Recording;

/// <summary>What a recording's state means in the contract's events. Pure.</summary>
internal static class RecordingEvents
{
    /// <summary>A file was begun.</summary>
    public static CaptureRecordingStarted Started(Contract.Recording recording) => new()
    {
        Device = recording.Device,
        File = recording.File,
        RecordingId = recording.Id,
        Segment = recording.Segments[^1].Index,
        Final = false,
        StableId = recording.StableId,
        Codec = recording.Codec,
        Container = recording.Container,
        Width = recording.Width,
        Height = recording.Height,
        Fps = recording.Fps,
        Label = recording.Label,
    };

    /// <summary>A recording ended: its file is final, can be read where there is something in it, and what went wrong is told.</summary>
    public static IEnumerable<ContractEvent> Ended(Contract.Recording recording)
    {
        var segment = recording.Segments[^1];
        yield return new CaptureRecordingStopped
        {
            Device = recording.Device,
            File = segment.File,
            Reason = recording.Reason,
            RecordingId = recording.Id,
            Segment = segment.Index,
            Final = true,
            StableId = recording.StableId,
            Error = recording.Error,
            DurationS = recording.DurationS,
            Bytes = segment.Bytes,
            Frames = recording.Frames,
        };
        if (recording.Frames.Written > 0)
        {
            yield return new CaptureSegmentCreated
            {
                Device = recording.Device,
                File = segment.File,
                RecordingId = recording.Id,
                Segment = segment.Index,
                Final = true,
                StableId = recording.StableId,
                Started = segment.Started,
                Stopped = segment.Stopped,
                DurationS = recording.DurationS,
                Bytes = segment.Bytes,
                Codec = recording.Codec,
                Container = recording.Container,
                Label = recording.Label,
            };
        }
        if (recording.Error is { } error && recording.Reason is not ("manual" or "shutdown"))
        {
            yield return new CaptureError
            {
                Error = error,
                Code = recording.Reason is "device_lost" or "disk_full" ? recording.Reason : "recording_failed",
                Device = recording.Device,
                StableId = recording.StableId,
                RecordingId = recording.Id,
                Remedy = Remedy(recording),
                Context = new() { ["file"] = JsonSerializer.SerializeToElement(segment.File, ContractJson.Default.String) },
            };
        }
    }

    private static string Remedy(Contract.Recording recording) => recording.Reason switch
    {
        "device_lost" => $"Plug {recording.Device} in again, then start the recording again.",
        "disk_full" => $"Free some space on the disk of {recording.File}, then start the recording again.",
        _ => $"See damctl record show {recording.Id}, then start the recording again.",
    };
}
