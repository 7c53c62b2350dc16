namespace ThatDam.Contract.Tests;

/// <summary>Each record with every field set, so that none can be forgotten on the way through JSON.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset s_moment = new(2026, 11, 24, 7, 50, 41, 250, TimeSpan.Zero);

    public static DeviceSummary Device { get; } = new()
    {
        Id = "/dev/video0",
        Kind = "v4l2",
        Path = "/dev/video0",
        Name = "HD Webcam",
        Capabilities = new DeviceCapabilities { Resolutions = ["1920x1080", "640x480"], Fps = [15, 29.97], Formats = ["MJPEG", "YUYV"], Audio = true },
        Status = "online",
        LastSeen = s_moment,
        StableId = "046d:082d-A1B2C3D4-0",
        Driver = "uvcvideo",
        Bus = "usb-0000:00:14.0-2",
        Serial = "A1B2C3D4",
        State = "streaming",
        Role = "capture",
        Modes =
        [
            new DeviceMode { Format = "MJPG", Width = 1920, Height = 1080, Rates = [29.97, 15] },
            new DeviceMode { Format = "YUYV", Width = 2, Height = 1, Rates = [60, 1], Range = new SizeRange(4096, 2160, 2, 1), RateRange = true },
        ],
        DefaultMode = new DefaultMode("MJPG", 1920, 1080, 29.97),
        Inputs = [new DeviceInput(0, "HDMI", true, "no signal")],
        Streaming = new StreamMode
        {
            Format = "MJPG",
            Width = 1920,
            Height = 1080,
            Fps = 29.97,
            Transport = "copy",
            TransportReason = "the driver's memory cannot be spliced",
            Consumers = 2,
            Buffers = 8,
        },
        Multiplanar = true,
        Alias = "front-desk",
        IdentifiedBy = "its serial number",
        Matched = "[Camera:front-desk] Match=serial:A1B2C3D4 - its serial number is A1B2C3D4",
        Signal = "no signal",
        Problem = "a problem",
    };

    public static Recording Recording { get; } = new()
    {
        Id = "20261124-075041-k3f9",
        Device = "/dev/video0",
        StableId = "046d:082d-A1B2C3D4-0",
        File = "/var/lib/thatdam/recordings/video0-copy-20261124T075041Z.mp4",
        State = "failed",
        Codec = "copy",
        Container = "mp4",
        Format = "MJPG",
        Width = 1920,
        Height = 1080,
        Fps = 29.97,
        Reason = "error",
        Error = "what went wrong",
        Started = s_moment,
        Stopped = s_moment.AddSeconds(5),
        Frames = new FrameCounts { Captured = 150, Lost = 2, Error = 1, Dropped = 3, Written = 146 },
        DurationS = 5.5,
        Bytes = 12_345_678,
        Label = "take-1",
        Transport = "zero-copy",
        SharedMode = true,
        WarmStart = true,
        Resume = true,
        Alias = "front-desk",
        Gaps = [new RecordingGap { After = 1, Started = s_moment.AddSeconds(5), LengthS = 2.5, Reason = "device_lost" }],
        Segments =
        [
            new RecordingSegment
            {
                Index = 1,
                File = "/var/lib/thatdam/recordings/video0-copy-20261124T075041Z.mp4",
                Started = s_moment,
                Stopped = s_moment.AddSeconds(5),
                Bytes = 12_345_678,
                DurationS = 5.5,
                Reason = "device_lost",
                Error = "what went wrong",
                Frames = new FrameCounts { Captured = 150, Lost = 2, Error = 1, Dropped = 3, Written = 146 },
            },
        ],
    };

    public static RecordingRequest Request { get; } = new()
    {
        Device = "/dev/video0",
        Codec = "h264",
        Container = "mkv",
        Width = 1280,
        Height = 720,
        Fps = 29.97,
        Bitrate = 4_000_000,
        Crf = 23,
        DurationS = 90.5,
        Resume = true,
        Label = "take-1",
    };

    public static AgentStatus Status { get; } = new()
    {
        Version = "0.1.0",
        Pid = 4711,
        Started = s_moment,
        UptimeS = 8000.5,
        Devices = 4,
        ActiveRecordings = 1,
        Output = new OutputDirectory("/var/lib/thatdam/recordings", 123_400_000_000, "a problem"),
        Ffmpeg = new FfmpegStatus
        {
            Path = "/usr/bin/ffmpeg",
            Version = "ffmpeg version 5.1.6",
            Problem = "a problem",
            Probed = true,
            Encoders = [new EncoderStatus("h264", "libx264", true, "none")],
            Pool = new PoolStatus { Size = 2, Warm = 1, Hits = 5, Misses = 3 },
        },
        Watch = new WatchStatus
        {
            Source = "kernel",
            Problem = "no udevd runs here",
            ReceiveBufferBytes = 425_984,
            Accepted = 12,
            Refused = 3,
            Overruns = 1,
            Looks = 7,
        },
        Cameras =
        [
            new CameraStatus
            {
                Device = "/dev/video0",
                StableId = "046d:082d-A1B2C3D4-0",
                State = "waiting",
                Since = s_moment,
                Reason = "it was unplugged",
                Transitions = new Dictionary<string, long> { ["opening"] = 2, ["streaming"] = 2 },
                Recovery = new Dictionary<string, long> { ["restart"] = 1, ["usb_reset"] = 1 },
            },
        ],
        Events = new EventsStatus
        {
            Broker = "mq.example.org:5671",
            Exchange = "events",
            Connected = true,
            Problem = "a problem",
            Pending = 1,
            PendingBytes = 1_234,
            Oldest = s_moment,
            Confirmed = 4711,
            Returned = 2,
            Dropped = 3,
            Coalesced = 7,
            Connections = 2,
        },
    };

    public static Problem Problem { get; } =
        new ProblemException(409, "mode_conflict", "Another mode runs", "what and why", "what to do", "20261124-075041-k3f9").Problem;
}
