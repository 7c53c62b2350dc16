namespace ThatDam.Agent.Capture;

/// <summary>What a camera does. One machine for its first opening and every later one: closed → opening → streaming → stalled → lost → waiting.</summary>
public enum CameraState
{
    /// <summary>Nobody wants its frames.</summary>
    Closed,

    /// <summary>It is being opened, or reopened, and has not delivered a frame yet.</summary>
    Opening,

    /// <summary>Frames come.</summary>
    Streaming,

    /// <summary>Frames should come and do not: the recovery ladder is climbed.</summary>
    Stalled,

    /// <summary>It is gone, or its stream has ended by itself.</summary>
    Lost,

    /// <summary>Somebody waits for it: until it is back, has a signal, or may be tried again.</summary>
    Waiting,
}

/// <summary>One camera has come from one state into another.</summary>
/// <param name="Device">Its node.</param>
/// <param name="StableId">Who it is.</param>
/// <param name="From">What it did before.</param>
/// <param name="To">What it does now.</param>
/// <param name="Reason">Why, where there is a reason to tell.</param>
public sealed record CameraMove(string Device, string StableId, CameraState From, CameraState To, string? Reason);
