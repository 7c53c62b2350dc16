using ThatDam.Contract;

namespace ThatDam.Agent.Capture;

/// <summary>What each camera that was ever opened does now, by its stable id. For any thread.</summary>
/// <param name="time">The clock.</param>
/// <param name="log">Told each move.</param>
public sealed class CameraStates(TimeProvider time, ILogger<CameraStates> log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Camera> _cameras = [];

    /// <summary>Raised for each move, in the order in which they happen, one at a time.</summary>
    public event Action<CameraMove>? Moved;

    /// <summary>What a camera does; one that was never opened is closed.</summary>
    public CameraState Of(string stableId)
    {
        lock (_gate)
            return _cameras.TryGetValue(stableId, out var camera) ? camera.State : CameraState.Closed;
    }

    /// <summary>Why a camera is in its state, where there is a reason.</summary>
    public string? ReasonOf(string stableId)
    {
        lock (_gate)
            return _cameras.GetValueOrDefault(stableId)?.Reason;
    }

    /// <summary>A camera comes into a state. When it is in it already, only the reason may be another.</summary>
    /// <param name="device">Its node.</param>
    /// <param name="stableId">Who it is.</param>
    /// <param name="to">The state.</param>
    /// <param name="reason">Why, where there is a reason to tell.</param>
    internal void Move(string device, string stableId, CameraState to, string? reason = null)
    {
        lock (_gate)
        {
            if (!_cameras.TryGetValue(stableId, out var camera))
                _cameras.Add(stableId, camera = new Camera(time.GetUtcNow()));
            camera.Device = device;
            if (camera.State == to)
            {
                camera.Reason = reason ?? camera.Reason;
                return;
            }
            var move = new CameraMove(device, stableId, camera.State, to, reason);
            (camera.State, camera.Since, camera.Reason) = (to, time.GetUtcNow(), reason);
            camera.Transitions[Word(to)] = camera.Transitions.GetValueOrDefault(Word(to)) + 1;
            if (reason is null)
                log.LogInformation("{Device}: {From} → {State}", device, Word(move.From), Word(to));
            else
                log.LogWarning("{Device}: {From} → {State}: {Reason}", device, Word(move.From), Word(to), reason);
            Tell(move); // under the lock: in order
        }
    }

    // Who throws costs the others nothing, and the camera nothing.
    private void Tell(CameraMove move)
    {
        foreach (var told in Delegate.EnumerateInvocationList(Moved))
        {
            try
            {
                told(move);
            }
            catch (Exception e)
            {
                log.LogError(e, "{Device}: that it is {State} could not be told", move.Device, Word(move.To));
            }
        }
    }

    /// <summary>A rung of the recovery ladder was taken, or skipped.</summary>
    /// <param name="stableId">The camera.</param>
    /// <param name="rung"><c>restart</c>, <c>reopen</c>, <c>usb_reset</c>, <c>usb_reset_skipped</c>, <c>give_up</c>.</param>
    internal void Count(string stableId, string rung)
    {
        lock (_gate)
        {
            if (_cameras.TryGetValue(stableId, out var camera))
                camera.Recovery[rung] = camera.Recovery.GetValueOrDefault(rung) + 1;
        }
    }

    /// <summary>All of them, for the status.</summary>
    public IReadOnlyList<CameraStatus> Status()
    {
        lock (_gate)
        {
            return [.. _cameras.OrderBy(pair => pair.Value.Device, StringComparer.Ordinal).Select(pair => new CameraStatus
            {
                Device = pair.Value.Device,
                StableId = pair.Key,
                State = Word(pair.Value.State),
                Since = pair.Value.Since,
                Reason = pair.Value.Reason,
                Transitions = new Dictionary<string, long>(pair.Value.Transitions),
                Recovery = new Dictionary<string, long>(pair.Value.Recovery),
            })];
        }
    }

    /// <summary>The contract's word.</summary>
    public static string Word(CameraState state) => state.ToString().ToLowerInvariant();

    private sealed class Camera(DateTimeOffset since)
    {
        public string Device { get; set; } = "";

        public CameraState State { get; set; } = CameraState.Closed;

        public DateTimeOffset Since { get; set; } = since;

        public string? Reason { get; set; }

        public Dictionary<string, long> Transitions { get; } = [];

        public Dictionary<string, long> Recovery { get; } = [];
    }
}
