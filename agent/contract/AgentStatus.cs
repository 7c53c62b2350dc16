namespace ThatDam.Contract;

/// <summary>The daemon's own state, as <c>GET /v1/status</c> gives it.</summary>
public sealed record AgentStatus
{
    /// <summary>The daemon's version.</summary>
    public required string Version { get; init; }

    /// <summary>Its process id.</summary>
    public required int Pid { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Seconds since then.</summary>
    public required double UptimeS { get; init; }

    /// <summary>Cameras that are there.</summary>
    public required int Devices { get; init; }

    /// <summary>Recordings that have not ended.</summary>
    public required int ActiveRecordings { get; init; }

    /// <summary>Where recordings go.</summary>
    public required OutputDirectory Output { get; init; }

    /// <summary>The ffmpeg in use.</summary>
    public required FfmpegStatus Ffmpeg { get; init; }

    /// <summary>How devices are followed as they come and go.</summary>
    public WatchStatus? Watch { get; init; }

    /// <summary>The cameras that were opened since the start, and what happened to them.</summary>
    public IReadOnlyList<CameraStatus> Cameras { get; init; } = [];

    /// <summary>How the events do; null from a daemon that does not tell.</summary>
    public EventsStatus? Events { get; init; }
}

/// <summary>How devices are followed as they come and go. Counts since the start.</summary>
public sealed record WatchStatus
{
    /// <summary><c>udev</c>, <c>kernel</c> (no udevd runs here), or <c>none</c>: they are looked at once a minute.</summary>
    public required string Source { get; init; }

    /// <summary>Why there is no better source, with the remedy.</summary>
    public string? Problem { get; init; }

    /// <summary>The socket's receive buffer, bytes.</summary>
    public int ReceiveBufferBytes { get; init; }

    /// <summary>Messages on video devices that were believed.</summary>
    public long Accepted { get; init; }

    /// <summary>Messages that were not: a wrong sender, magic or length.</summary>
    public long Refused { get; init; }

    /// <summary>How often messages were lost (ENOBUFS); each time all devices were looked at again.</summary>
    public long Overruns { get; init; }

    /// <summary>Looks at the devices.</summary>
    public long Looks { get; init; }
}

/// <summary>One camera's life since the start.</summary>
public sealed record CameraStatus
{
    /// <summary>Its node, where it was last.</summary>
    public required string Device { get; init; }

    /// <summary>Who it is.</summary>
    public required string StableId { get; init; }

    /// <summary>What it does now: the words of <c>capture.device_state</c>.</summary>
    public required string State { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why, where the state has a reason.</summary>
    public string? Reason { get; init; }

    /// <summary>How often it has come into each state.</summary>
    public IReadOnlyDictionary<string, long> Transitions { get; init; } = new Dictionary<string, long>();

    /// <summary>How often each rung of the recovery ladder was taken: <c>restart</c>, <c>reopen</c>, <c>usb_reset</c>, <c>give_up</c>.</summary>
    public IReadOnlyDictionary<string, long> Recovery { get; init; } = new Dictionary<string, long>();
}

/// <summary>Where recordings go.</summary>
/// <param name="Path">The directory.</param>
/// <param name="FreeBytes">Space left for this program; null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be opened, with the remedy.</param>
public sealed record OutputDirectory(string Path, long? FreeBytes, string? Problem);

/// <summary>The ffmpeg in use, its encoders and its pool.</summary>
public sealed record FfmpegStatus
{
    /// <summary>The program's path; null when there is none.</summary>
    public string? Path { get; init; }

    /// <summary>Its first version line.</summary>
    public string? Version { get; init; }

    /// <summary>What is wrong with it, with the remedy.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the encoders have been tried yet.</summary>
    public bool Probed { get; init; }

    /// <summary>Each encoder that was tried by encoding with it.</summary>
    public IReadOnlyList<EncoderStatus> Encoders { get; init; } = [];

    /// <summary>The warm processes.</summary>
    public required PoolStatus Pool { get; init; }
}

/// <summary>One encoder, tried by encoding with it.</summary>
/// <param name="Codec">The codec it makes, such as <c>h264</c>.</param>
/// <param name="Name">ffmpeg's name for it, such as <c>libx264</c>.</param>
/// <param name="Works">Whether frames came out.</param>
/// <param name="Problem">ffmpeg's words when they did not.</param>
public sealed record EncoderStatus(string Codec, string Name, bool Works, string? Problem);

/// <summary>The warm ffmpeg processes.</summary>
public sealed record PoolStatus
{
    /// <summary>How many are kept for each warm command line.</summary>
    public required int Size { get; init; }

    /// <summary>How many wait now.</summary>
    public required int Warm { get; init; }

    /// <summary>Recordings that found one waiting.</summary>
    public required long Hits { get; init; }

    /// <summary>Recordings that had to start one.</summary>
    public required long Misses { get; init; }
}
