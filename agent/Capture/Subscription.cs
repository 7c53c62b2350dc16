using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Capture;

/// <summary>One consumer's part in a camera's stream. Dispose it when nothing of the camera's is held any more.</summary>
public sealed class Subscription : IAsyncDisposable
{
    private readonly SessionRegistry _registry;
    private readonly CameraSlot _slot;
    private readonly CaptureSession _session;
    private IFrameConsumer? _consumer;
    private bool _left;

    internal Subscription(SessionRegistry registry, CameraSlot slot, CaptureSession session, bool shared)
    {
        (_registry, _slot, _session) = (registry, slot, session);
        Shared = shared;
    }

    /// <summary>The mode the camera streams in.</summary>
    public CaptureMode Mode => _session.Mode;

    /// <summary>How its frames get into pipes.</summary>
    public Transport Transport => _session.Transport;

    /// <summary>Whether its consumer waits for the camera's return when this is given up: then a camera that is lost stays so until it does.</summary>
    public bool Returns { get; set; }

    /// <summary>Whether somebody else chose the mode.</summary>
    public bool Shared { get; }

    /// <summary>Frames go to <paramref name="consumer"/> from the next one on; the first consumer of all starts the stream.</summary>
    /// <exception cref="ProblemException">The driver refuses to stream.</exception>
    public void Start(IFrameConsumer consumer)
    {
        _consumer = consumer;
        try
        {
            _session.Add(consumer);
        }
        catch (NativeException e)
        {
            throw _registry.Refused(_slot, _session, e);
        }
        _registry.NotifyChanged();
    }

    /// <summary>No frame comes after this. What the consumer holds it may keep until <see cref="DisposeAsync"/>.</summary>
    public void Leave()
    {
        if (_consumer is { } consumer)
            _session.Remove(consumer);
    }

    /// <summary>Gives up the camera; the last one closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_left)
            return;
        _left = true;
        Leave();
        await _registry.LeaveAsync(_slot, _session, Returns).ConfigureAwait(false);
    }
}
