namespace ThatDam.Agent.Piping;

/// <summary>Why a consumer takes no more frames.</summary>
/// <param name="Cause">The kind.</param>
/// <param name="Detail">The thing and the reason, where something went wrong.</param>
public sealed record ConsumerStop(ConsumerStopCause Cause, string? Detail = null);

/// <summary>The kinds of a consumer's stop.</summary>
public enum ConsumerStopCause
{
    /// <summary>Its owner asked.</summary>
    Asked,

    /// <summary>It has as much video as it was made for.</summary>
    Duration,

    /// <summary>The device was unplugged.</summary>
    DeviceLost,

    /// <summary>The driver failed.</summary>
    StreamFailed,

    /// <summary>The signal is gone, or is another one now.</summary>
    SourceChanged,

    /// <summary>The reader closed the pipe.</summary>
    ReaderGone,

    /// <summary>The reader took nothing for too long.</summary>
    ReaderStuck,
}
