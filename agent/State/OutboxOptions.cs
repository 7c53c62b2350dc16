namespace ThatDam.Agent.State;

/// <summary>[Events] of the configuration: how much the outbox may hold, and what is told unasked.</summary>
public sealed record OutboxOptions
{
    /// <summary>How many bytes of events may wait for the broker; beyond it the oldest are dropped.</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>How long an event may wait for the broker; older ones are dropped.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often the device list is told unasked; zero for never.</summary>
    public TimeSpan DeviceListInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The topic on which a message asks for the device list; empty for none.</summary>
    public string RequestTopic { get; init; } = "";
}
