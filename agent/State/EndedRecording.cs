using ThatDam.Contract;

namespace ThatDam.Agent.State;

/// <summary>A recording that ended because the daemon did.</summary>
/// <param name="Recording">Its last state.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="At">When the daemon was still there.</param>
public sealed record EndedRecording(Contract.Recording Recording, RecordingRequest Request, DateTimeOffset At);
