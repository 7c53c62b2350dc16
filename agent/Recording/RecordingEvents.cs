using System.Text.Json;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Recording;

/// <summary>What a recording's state means in the contract's events. Pure.</summary>
internal static class RecordingEvents
{
    /// <summary>What a change tells.</summary>
    public static IEnumerable<ContractEvent> Of(Contract.Recording recording, RecordingStep step)
    {
        if (step.Begun is { } begun)
            yield return Started(recording, recording.Segments[begun - 1]);
        foreach (var index in step.Closed)
        {
            foreach (var e in Closed(recording, recording.Segments[index - 1], final: step.Ended && index == recording.Segments.Count))
                yield return e;
        }
        if (!step.Ended || step.Closed.Contains(recording.Segments.Count))
            yield break;
        // It ended while it had no open file: its last one is told once more, as the last.
        yield return Stopped(recording, recording.Segments[^1], final: true);
        if (recording.Error is { } error && recording.Reason is not ("manual" or "shutdown"))
            yield return Error(recording, recording.Segments[^1], recording.Reason, error);
    }

    private static CaptureRecordingStarted Started(Contract.Recording recording, RecordingSegment segment) => new()
    {
        Device = recording.Device,
        File = segment.File,
        RecordingId = recording.Id,
        Segment = segment.Index,
        Final = false,
        StableId = recording.StableId,
        Alias = recording.Alias,
        Codec = recording.Codec,
        Container = recording.Container,
        Width = recording.Width,
        Height = recording.Height,
        Fps = recording.Fps,
        Label = recording.Label,
        Continues = recording.Continues,
    };

    // A file is final: it can be read where there is something in it, and what went wrong is told.
    private static IEnumerable<ContractEvent> Closed(Contract.Recording recording, RecordingSegment segment, bool final)
    {
        yield return Stopped(recording, segment, final);
        if ((segment.Frames ?? recording.Frames).Written > 0)
        {
            yield return new CaptureSegmentCreated
            {
                Device = recording.Device,
                File = segment.File,
                RecordingId = recording.Id,
                Segment = segment.Index,
                Final = final,
                StableId = recording.StableId,
                Alias = recording.Alias,
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
            yield return Error(recording, segment, segment.Reason ?? reason, error);
    }

    private static CaptureRecordingStopped Stopped(Contract.Recording recording, RecordingSegment segment, bool final) => new()
    {
        Device = recording.Device,
        File = segment.File,
        Reason = final ? recording.Reason : segment.Reason,
        RecordingId = recording.Id,
        Segment = segment.Index,
        Final = final,
        StableId = recording.StableId,
        Alias = recording.Alias,
        Error = final ? recording.Error : segment.Error,
        DurationS = segment.DurationS,
        Bytes = segment.Bytes,
        Frames = segment.Frames ?? recording.Frames,
    };

    private static CaptureError Error(Contract.Recording recording, RecordingSegment segment, string? reason, string error) => new()
    {
        Error = error,
        Code = reason switch
        {
            "device_lost" or "disk_full" or "ffmpeg_lost" or "source_changed" => reason,
            "stalled" => "device_stalled",
            _ => "recording_failed",
        },
        Device = recording.Device,
        StableId = recording.StableId,
        RecordingId = recording.Id,
        Remedy = recording.Stopped is null ? RemedyOfFile(recording, reason) : RemedyOfAll(recording, reason),
        Context = new() { ["file"] = JsonSerializer.SerializeToElement(segment.File, ContractJson.Default.String) },
    };

    private static string RemedyOfFile(Contract.Recording recording, string? reason) => "Nothing: the recording goes on in another file. " + (reason switch
    {
        "device_lost" => $"It waits for {recording.Device} to be plugged in again.",
        "stalled" => $"If it happens often: damctl doctor {recording.Device}",
        "source_changed" => "It waits for a signal.",
        _ => $"See damctl record show {recording.Id}.",
    });

    private static string RemedyOfAll(Contract.Recording recording, string? reason) => reason switch
    {
        "device_lost" => $"Plug {recording.Device} in again, then start the recording again. With --resume it goes on by itself.",
        "disk_full" => $"Free some space on the disk of {recording.File}, then start the recording again.",
        _ => $"See damctl record show {recording.Id}, then start the recording again.",
    };
}
