namespace ThatDam.Agent.Capture;

/// <summary>
/// Takes a camera's frames. All calls come from the session's own thread and must not block: a consumer that is busy holds the frame,
/// copies it or drops it, and counts what it did.
/// </summary>
public interface IFrameConsumer
{
    /// <summary>Who it is, for messages: a recording's id.</summary>
    string Name { get; }

    /// <summary>A frame. It is readable during the call, and longer only by <see cref="FrameOffer.TryHold"/>.</summary>
    void Offer(in FrameOffer offer);

    /// <summary>Called before each frame: gives back every hold that is no longer needed.</summary>
    void Reap();

    /// <summary>The stream has ended for this consumer; no call follows.</summary>
    void Ended(StreamEnd end);
}

/// <summary>Why a stream ended.</summary>
/// <param name="Cause">The kind.</param>
/// <param name="Detail">The thing and the reason; null when the consumer itself left.</param>
public sealed record StreamEnd(StreamEndCause Cause, string? Detail);

/// <summary>The kinds of a stream's end.</summary>
public enum StreamEndCause
{
    /// <summary>The consumer left.</summary>
    Left,

    /// <summary>The device was unplugged.</summary>
    DeviceLost,

    /// <summary>The driver failed, or delivered nothing for too long and did not come round: it is to be opened anew.</summary>
    Failed,

    /// <summary>The signal is gone, or is another one now: the mode is to be chosen anew.</summary>
    SourceChanged,
}
