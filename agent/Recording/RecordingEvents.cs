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
        File = recording.Segments[^1].File,
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

    /// <summary>Its last file is final: it can be read where there is something in it, and what went wrong is told.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="final">Whether it has ended; else it goes on with another file.</param>
    public static IEnumerable<ContractEvent> Closed(Contract.Recording recording, bool final)
    {
        var segment = recording.Segments[^1];
        var frames = segment.Frames ?? recording.Frames;
        yield return Stopped(recording, final);
        if (frames.Written > 0)
        {
            yield return new CaptureSegmentCreated
            {
                Device = recording.Device,
                File = segment.File,
                RecordingId = recording.Id,
                Segment = segment.Index,
                Final = final,
                StableId = recording.StableId,
                Started = segment.Started,
                Stopped = segment.Stopped,
                DurationS = segment.DurationS,
                Bytes = segment.Bytes,
                Codec = recording.Codec,
                Container = recording.Container,
                Label = recording.Label,
            };
        }
        var reason = final ? recording.Reason : segment.Reason;
        if ((final ? recording.Error : segment.Error) is { } error && reason is not ("manual" or "shutdown"))
            yield return Error(recording, reason, error);
    }

    /// <summary>A recording ended while it had no open file: its last one is told once more, as the last.</summary>
    public static IEnumerable<ContractEvent> EndedBetween(Contract.Recording recording)
    {
        yield return Stopped(recording, final: true);
        if (recording.Error is { } error && recording.Reason is not ("manual" or "shutdown"))
            yield return Error(recording, recording.Reason, error);
    }

    private static CaptureRecordingStopped Stopped(Contract.Recording recording, bool final)
    {
        var segment = recording.Segments[^1];
        return new CaptureRecordingStopped
        {
            Device = recording.Device,
            File = segment.File,
            Reason = final ? recording.Reason : segment.Reason,
            RecordingId = recording.Id,
            Segment = segment.Index,
            Final = final,
            StableId = recording.StableId,
            Error = final ? recording.Error : segment.Error,
            DurationS = segment.DurationS,
            Bytes = segment.Bytes,
            Frames = segment.Frames ?? recording.Frames,
        };
    }

    private static CaptureError Error(Contract.Recording recording, string? reason, string error) => new()
    {
        Error = error,
        Code = reason switch
        {
            "device_lost" or "disk_full" or "ffmpeg_lost" => reason,
            "stalled" => "device_stalled",
            "source_changed" => "source_changed",
            _ => "recording_failed",
        },
        Device = recording.Device,
        StableId = recording.StableId,
        RecordingId = recording.Id,
        Remedy = Remedy(recording, reason),
        Context = new() { ["file"] = JsonSerializer.SerializeToElement(recording.Segments[^1].File, ContractJson.Default.String) },
    };

    private static string Remedy(Contract.Recording recording, string? reason) => reason switch
    {
        _ when recording.Stopped is null => "Nothing: it goes on in another file. " + (reason switch
        {
            "device_lost" => $"It waits for {recording.Device} to be plugged in again.",
            "stalled" => $"If it happens often: damctl doctor {recording.Device}",
            "source_changed" => "It waits for a signal.",
            _ => $"See damctl record show {recording.Id}.",
        }),
        "device_lost" => $"Plug {recording.Device} in again, then start the recording again. With --resume it goes on by itself.",
        "disk_full" => $"Free some space on the disk of {recording.File}, then start the recording again.",
        _ => $"See damctl record show {recording.Id}, then start the recording again.",
    };
}
