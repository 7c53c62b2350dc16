namespace ThatDam.Native.Uevents;

/// <summary>What <see cref="UeventSocket.Receive"/> found.</summary>
public enum UeventReceipt
{
    /// <summary>Nothing is waiting.</summary>
    Empty,

    /// <summary>A message of a wanted subsystem, from whom it should be.</summary>
    Message,

    /// <summary>A sound message of a subsystem that was not asked for. Nothing to do, nothing wrong.</summary>
    Other,

    /// <summary>A message not to be believed, thrown away: the wrong sender, or it is not sound. The reason says which.</summary>
    Refused,

    /// <summary>
    /// The receive buffer was full, and messages are lost. Those before the loss are still to be read. The kernel drops everything more until
    /// the socket was read empty: so first receive until <see cref="Empty"/>, then look at all devices anew.
    /// </summary>
    Overrun,
}
