using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThatDam.Contract;

/// <summary>What to record. Every field but <see cref="Device"/> has a default.</summary>
public sealed record RecordingRequest
{
    /// <summary>A device by path, stable id, alias, or an unambiguous part of its name.</summary>
    public string? Device { get; init; }

    /// <summary><c>copy</c>, <c>h264</c>, <c>hevc</c>, <c>mjpeg</c> or <c>ffv1</c>. Default: copy for a compressed camera, else h264.</summary>
    public string? Codec { get; init; }

    /// <summary><c>mp4</c> or <c>mkv</c>. Default: mp4, or mkv where the codec needs it.</summary>
    public string? Container { get; init; }

    /// <summary>Pixels; asked for together with <see cref="Height"/>.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Frames per second.</summary>
    public double? Fps { get; init; }

    /// <summary>Bits per second for the encoder; excludes <see cref="Crf"/>.</summary>
    public int? Bitrate { get; init; }

    /// <summary>Constant quality, 0 (best) to 51.</summary>
    public int? Crf { get; init; }

    /// <summary>Seconds of video after which it stops by itself.</summary>
    public double? DurationS { get; init; }

    /// <summary>Whether it goes on by itself, in a new file, when a camera that was unplugged is back. Default: what the camera's <c>OnReplug</c> says.</summary>
    public bool? Resume { get; init; }

    /// <summary>Added to the file name: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public string? Label { get; init; }
}

/// <summary>One recording: a camera's frames on their way into a file, or there.</summary>
public sealed record Recording
{
    /// <summary>Its name in every request, such as <c>20261124-075041-k3f9</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The device's node.</summary>
    public required string Device { get; init; }

    /// <summary>Who the device is.</summary>
    public string? StableId { get; init; }

    /// <summary>Absolute path of the file; of several segments, the first.</summary>
    public required string File { get; init; }

    /// <summary><c>starting</c>, <c>recording</c>, <c>waiting</c> (for its camera), <c>stopping</c>, <c>finalising</c>, then <c>stopped</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>copy</c>, <c>h264</c>, <c>hevc</c>, <c>mjpeg</c> or <c>ffv1</c>.</summary>
    public required string Codec { get; init; }

    /// <summary><c>mp4</c> or <c>mkv</c>.</summary>
    public required string Container { get; init; }

    /// <summary>The camera's fourcc.</summary>
    public string? Format { get; init; }

    /// <summary>Pixels.</summary>
    public int Width { get; init; }

    /// <summary>Pixels.</summary>
    public int Height { get; init; }

    /// <summary>Frames per second, as the driver says it.</summary>
    public double Fps { get; init; }

    /// <summary>Why it ended: <c>manual</c>, <c>duration</c>, <c>error</c>, <c>device_lost</c>, <c>disk_full</c>, <c>shutdown</c>, <c>recovered</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>What went wrong and what to do about it.</summary>
    public string? Error { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When its file was final.</summary>
    public DateTimeOffset? Stopped { get; init; }

    /// <summary>The account of its frames.</summary>
    public FrameCounts Frames { get; init; } = new();

    /// <summary>Seconds of video captured so far.</summary>
    public double DurationS { get; init; }

    /// <summary>Bytes in the file so far.</summary>
    public long Bytes { get; init; }

    /// <summary>The label asked for.</summary>
    public string? Label { get; init; }

    /// <summary><c>zero-copy</c> or <c>copy</c>.</summary>
    public string? Transport { get; init; }

    /// <summary>Set when the stream was already running for somebody else, whose mode this recording shares.</summary>
    public bool SharedMode { get; init; }

    /// <summary>Whether its ffmpeg was waiting warm.</summary>
    public bool WarmStart { get; init; }

    /// <summary>Whether it goes on when a camera that was unplugged is back.</summary>
    public bool Resume { get; init; }

    /// <summary>The camera's name in the configuration, when it began.</summary>
    public string? Alias { get; init; }

    /// <summary>The recording that this one goes on with, which ended because the daemon did; null: it is a new one.</summary>
    public string? Continues { get; init; }

    /// <summary>Its files, in order.</summary>
    public IReadOnlyList<RecordingSegment> Segments { get; init; } = [];

    /// <summary>The times in which nothing was recorded: between two files, or within one where its camera stalled and came round.</summary>
    public IReadOnlyList<RecordingGap> Gaps { get; init; } = [];
}

/// <summary>One file of a recording.</summary>
public sealed record RecordingSegment
{
    /// <summary>From 1.</summary>
    public required int Index { get; init; }

    /// <summary>Absolute path.</summary>
    public required string File { get; init; }

    /// <summary>When its first frame was captured.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it was final.</summary>
    public DateTimeOffset? Stopped { get; init; }

    /// <summary>Its size.</summary>
    public long Bytes { get; init; }

    /// <summary>Seconds of video in it.</summary>
    public double DurationS { get; init; }

    /// <summary>Why it ended: the reasons of a recording, and <c>stalled</c>, <c>ffmpeg_lost</c>, <c>source_changed</c>, <c>suspended</c>, <c>segment</c> (its time was up).</summary>
    public string? Reason { get; init; }

    /// <summary>What went wrong with it.</summary>
    public string? Error { get; init; }

    /// <summary>The account of its frames.</summary>
    public FrameCounts? Frames { get; init; }
}

/// <summary>A time in which a recording recorded nothing.</summary>
public sealed record RecordingGap
{
    /// <summary>The file that it follows, or lies within, from 1.</summary>
    public required int After { get; init; }

    /// <summary>When the last frame before it was captured.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>From that frame to the first one after it, seconds; null while it lasts. Suspended time counts.</summary>
    public double? LengthS { get; init; }

    /// <summary>Why: as the file before it ended.</summary>
    public required string Reason { get; init; }
}

/// <summary>Where a recording's frames went. Once it has ended, captured − error − dropped = written.</summary>
public sealed record FrameCounts
{
    /// <summary>Delivered by the driver.</summary>
    public long Captured { get; init; }

    /// <summary>Never delivered: gaps in the driver's sequence.</summary>
    public long Lost { get; init; }

    /// <summary>Delivered with V4L2_BUF_FLAG_ERROR, left out.</summary>
    public long Error { get; init; }

    /// <summary>Dropped by us, because the encoder or the disk was too slow.</summary>
    public long Dropped { get; init; }

    /// <summary>In the file.</summary>
    public long Written { get; init; }

    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Recordings, as <c>GET /v1/recordings</c> and the stream of recordings give them.</summary>
public sealed record RecordingList(IReadOnlyList<Recording> Recordings);
