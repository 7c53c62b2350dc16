using ThatDam.Agent.Devices;

namespace ThatDam.Agent.Capture;

/// <summary>One camera's place. Its session is opened and closed by one at a time.</summary>
internal sealed class CameraSlot
{
    private volatile CaptureSession? _session;
    private volatile string? _failure;
    private volatile bool _isReturning;

    /// <param name="stableId">The camera.</param>
    /// <param name="time">The clock.</param>
    public CameraSlot(string stableId, TimeProvider time) => (StableId, Node, Ladder) = (stableId, stableId, new RecoveryLadder(time));

    /// <summary>The camera's stable id.</summary>
    public string StableId { get; }

    /// <summary>Where it was opened last.</summary>
    public string Node { get; set; }

    /// <summary>Taken by who opens, closes or resets the camera.</summary>
    public SemaphoreSlim Opening { get; } = new(1, 1);

    /// <summary>The latest session; it may have ended. Set by who has <see cref="Opening"/>.</summary>
    public CaptureSession? Session
    {
        get => _session;
        set => _session = value;
    }

    /// <summary>The session that has not ended.</summary>
    public CaptureSession? Live => _session is { HasEnded: false } session ? session : null;

    /// <summary>How many share each session that is not closed yet. For who has <see cref="Opening"/>.</summary>
    public Dictionary<CaptureSession, int> References { get; } = [];

    /// <summary>What is asked of its driver. For who has <see cref="Opening"/>.</summary>
    public DriverCalls Driver { get; } = new();

    /// <summary>Its frames.</summary>
    public FrameTally Frames { get; } = new();

    /// <summary>How far its recovery is.</summary>
    public RecoveryLadder Ladder { get; }

    /// <summary>The problem's code when the last opening failed; null when it did not.</summary>
    public string? Failure
    {
        get => _failure;
        set => _failure = value;
    }

    /// <summary>Whether somebody was told that it may be tried again, and no frame has come yet.</summary>
    public bool IsReturning
    {
        get => _isReturning;
        set => _isReturning = value;
    }

    /// <summary>Whether somebody who has left is about to wait for its return. Set by who has <see cref="Opening"/>.</summary>
    public bool IsExpected { get; set; }

    /// <summary>Whether it was told already that its USB device is not reset.</summary>
    public bool IsSkipTold { get; set; }

    /// <summary>Those who wait for its return.</summary>
    public ReturnWait Waiting { get; } = new();

    /// <summary>Frames come.</summary>
    public void Streams()
    {
        Ladder.Streams();
        (_failure, _isReturning, IsSkipTold) = (null, false, false);
    }

    /// <summary>Those who wait for one camera's return.</summary>
    internal sealed class ReturnWait
    {
        /// <summary>Taken to read or change the rest.</summary>
        public Lock Gate { get; } = new();

        /// <summary>How many wait.</summary>
        public int Count { get; set; }

        /// <summary>What they wait for.</summary>
        public Task<Device>? Return { get; set; }

        /// <summary>Ends it when the last one has left.</summary>
        public CancellationTokenSource? Ends { get; set; }

        /// <summary>The camera that may be tried, until somebody tries.</summary>
        public Device? Granted { get; set; }

        /// <summary>When that was told (<see cref="TimeProvider.GetTimestamp"/>).</summary>
        public long? GrantedAt { get; set; }
    }
}
