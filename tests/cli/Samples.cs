using System.Text.Json;

using ThatDam.Contract;

namespace ThatDam.Cli.Tests;

/// <summary>Devices and recordings to talk about.</summary>
internal static class Samples
{
    public static DateTimeOffset Moment { get; } = new(2026, 11, 24, 7, 50, 41, TimeSpan.Zero);

    public static DeviceSummary Webcam { get; } = new()
    {
        Id = "/dev/video0",
        Kind = "v4l2",
        Path = "/dev/video0",
        Name = "HD Pro Webcam C920",
        Capabilities = new DeviceCapabilities { Resolutions = ["1920x1080", "640x480"], Fps = [15, 30], Formats = ["MJPEG", "YUYV"], Audio = true },
        Status = "online",
        LastSeen = Moment,
        StableId = "046d:082d-A1B2C3D4-0",
        Driver = "uvcvideo",
        Bus = "usb-0000:00:14.0-2",
        Serial = "A1B2C3D4",
        State = "streaming",
        Modes =
        [
            new DeviceMode { Format = "MJPG", Width = 1920, Height = 1080, Rates = [30, 15] },
            new DeviceMode { Format = "MJPG", Width = 640, Height = 480, Rates = [30, 29.97, 15] },
            new DeviceMode { Format = "YUYV", Width = 1920, Height = 1080, Rates = [5] },
            new DeviceMode { Format = "YUYV", Width = 640, Height = 480, Rates = [30] },
        ],
        DefaultMode = new DefaultMode("MJPG", 1920, 1080, 30),
        Streaming = new StreamMode
        {
            Format = "MJPG",
            Width = 1920,
            Height = 1080,
            Fps = 30,
            Transport = "copy",
            TransportReason = "the driver's memory cannot be spliced (EFAULT)",
            Consumers = 2,
            Buffers = 8,
        },
    };

    public static DeviceSummary Grabber { get; } = new()
    {
        Id = "/dev/video2",
        Kind = "v4l2",
        Path = "/dev/video2",
        Name = "vivid",
        Capabilities = new DeviceCapabilities { Resolutions = ["4096x2160"], Fps = [1, 60], Formats = ["YUYV"] },
        Status = "online",
        LastSeen = Moment,
        StableId = "platform-vivid.0-video-index0",
        Driver = "vivid",
        Bus = "platform:vivid-000",
        State = "closed",
        Multiplanar = true,
        Modes =
        [
            new DeviceMode { Format = "YUYV", Width = 2, Height = 1, Range = new SizeRange(4096, 2160, 2, 1), Rates = [60, 1], RateRange = true },
        ],
        DefaultMode = new DefaultMode("YUYV", 4096, 2160, 30),
        Inputs = [new DeviceInput(0, "Webcam 000-0", true, null), new DeviceInput(1, "HDMI 000-0", false, "no signal")],
    };

    /// <summary>A camera that has a name, and was unplugged.</summary>
    public static DeviceSummary FrontDesk { get; } = Webcam with
    {
        Id = "/dev/video4",
        Path = "/dev/video4",
        Status = "offline",
        StableId = "046d:082d-FFFF0001-0",
        Serial = "FFFF0001",
        State = "waiting",
        Streaming = null,
        Alias = "front-desk",
        IdentifiedBy = "its serial number",
        Matched = "[Camera:front-desk] Match=serial:FFFF0001 — its serial number is FFFF0001",
    };

    /// <summary>A camera whose maker means ill: escape, newline, right-to-left override, and wide letters.</summary>
    public static DeviceSummary Hostile { get; } = Grabber with
    {
        Id = "/dev/video9",
        Path = "/dev/video9",
        Name = "\u001b[2J\nroot\u202egpj.exe\u0085 カメラ",
        StableId = "dead:beef\u0007-0",
        Driver = "evil\tdriver",
        State = "no\u001b]0;permission",
        Status = "online",
    };

    public static Recording Running { get; } = new()
    {
        Id = "20261124-075041-k3f9",
        Device = "/dev/video0",
        StableId = "046d:082d-A1B2C3D4-0",
        File = "/var/lib/thatdam/recordings/video0-copy-20261124T075041Z.mp4",
        State = "recording",
        Codec = "copy",
        Container = "mp4",
        Format = "MJPG",
        Width = 1920,
        Height = 1080,
        Fps = 30,
        Started = Moment,
        Frames = new FrameCounts { Captured = 150, Lost = 2, Error = 1, Dropped = 0, Written = 140 },
        DurationS = 5,
        Bytes = 12_345_678,
        Transport = "zero-copy",
        WarmStart = true,
    };

    /// <summary>One of two files, whose camera is away.</summary>
    public static Recording Waiting { get; } = Running with
    {
        State = "waiting",
        StableId = FrontDesk.StableId,
        Device = FrontDesk.Id,
        Alias = "front-desk",
        Resume = true,
        Segments =
        [
            new RecordingSegment
            {
                Index = 1, File = "/r/a.mp4", Bytes = 10_000_000, DurationS = 4, Reason = "stalled", Error = "/dev/video4: no frame for \u001b[31m2.1 s",
                Frames = new FrameCounts { Captured = 120, Written = 118, Error = 2 },
            },
            new RecordingSegment
            {
                Index = 2, File = "/r/a-002.mp4", Bytes = 4_800_000, DurationS = 62.5, Reason = "device_lost", Frames = new FrameCounts { Captured = 1800, Written = 1800 },
            },
        ],
        Gaps =
        [
            new RecordingGap { After = 1, Started = Moment.AddSeconds(4), LengthS = 2.345, Reason = "stalled" },
            new RecordingGap { After = 2, Started = Moment.AddSeconds(69), Reason = "device_lost" },
        ],
    };

    public static Recording Ended { get; } = Running with
    {
        State = "stopped",
        Reason = "manual",
        Stopped = Moment.AddSeconds(6),
        Frames = new FrameCounts { Captured = 180, Lost = 2, Error = 1, Dropped = 0, Written = 179 },
        DurationS = 6,
        Bytes = 14_800_000,
    };

    public static Recording Failed { get; } = Running with
    {
        State = "failed",
        Reason = "error",
        Error = "ffmpeg ended by itself (exit code 1): Invalid data found",
        Stopped = Moment.AddSeconds(6),
    };

    public static Recording Other { get; } = Running with
    {
        Id = "20261124-075100-p7q2",
        File = "/var/lib/thatdam/recordings/video0-h264-20261124T075100Z-interview.mp4",
        Codec = "h264",
        Label = "interview",
        SharedMode = true,
        WarmStart = false,
    };

    public static Recording OnGrabber { get; } = Running with { Id = "20261124-080000-zzzz", Device = "/dev/video2", StableId = "platform-vivid.0-video-index0" };

    public static EventsStatus Events { get; } = new()
    {
        Broker = "mq.example.org:5671",
        Exchange = "events",
        Connected = true,
        Pending = 1,
        PendingBytes = 1_234,
        Oldest = Moment.AddSeconds(-123.4),
        Confirmed = 4711,
        Returned = 0,
        Dropped = 0,
        Coalesced = 7,
        Connections = 2,
    };

    public static string Json(EventsStatus status) => JsonSerializer.Serialize(status, ContractJson.Default.EventsStatus);

    public static string Json(AuditReport report) => JsonSerializer.Serialize(report, ContractJson.Default.AuditReport);

    public static string Json(DeviceSummary device) => JsonSerializer.Serialize(device, ContractJson.Default.DeviceSummary);

    public static string Json(Recording recording) => JsonSerializer.Serialize(recording, ContractJson.Default.Recording);

    public static string Json(AgentStatus status) => JsonSerializer.Serialize(status, ContractJson.Default.AgentStatus);

    public static string Json(Problem problem) => JsonSerializer.Serialize(problem, ContractJson.Default.Problem);

    public static string List(params DeviceSummary[] devices) => JsonSerializer.Serialize(new DeviceList(devices), ContractJson.Default.DeviceList);

    public static string List(params Recording[] recordings) => JsonSerializer.Serialize(new RecordingList(recordings), ContractJson.Default.RecordingList);
}
