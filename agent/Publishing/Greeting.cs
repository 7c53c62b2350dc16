using ThatDam.Contract.Events;

namespace ThatDam.Agent.Publishing;

/// <summary>What the daemon says when it reaches the broker for the first time: that it lives, and what its events look like.</summary>
public static class Greeting
{
    /// <summary>The events, in their order; none is about one device.</summary>
    /// <param name="devices">Knows the devices.</param>
    /// <param name="version">The daemon's version.</param>
    /// <param name="time">The clock.</param>
    public static IReadOnlyList<(ContractEvent Event, string? Device)> Of(DeviceListPublisher devices, string version, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return
        [
            (new CaptureAlive { Version = version, Devices = devices.Summaries(), Ts = now }, null),
            (new EventsSchemas { Version = version, Timestamp = now, Ts = now, Schemas = EventSchemas.Emitted }, null),
        ];
    }
}
