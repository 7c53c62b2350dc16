namespace ThatDam.Agent.Recording;

/// <summary>What has changed about a recording.</summary>
internal enum RecordingStep
{
    /// <summary>Its state.</summary>
    Advanced,

    /// <summary>A further file was begun, the last of its segments.</summary>
    Opened,

    /// <summary>Its last file is final, and it goes on.</summary>
    Cut,

    /// <summary>It has ended with its last file.</summary>
    Ended,

    /// <summary>It has ended while no file was open: its last file was told before.</summary>
    EndedBetween,
}
