using System.Runtime.InteropServices;

namespace ThatDam.Agent.Hosting;

/// <summary>
/// SIGHUP, which asks a daemon to read its configuration again and would end any other program: held from the first moment, and followed
/// once there is something to do.
/// </summary>
internal sealed class HangupSignal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration _registration;
    private Action? _follow;
    private bool _came; // before anybody could follow

    /// <summary>Holds it, until it is disposed.</summary>
    public HangupSignal() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        Take();
    });

    /// <summary>Does this at each, and now if one has come already.</summary>
    /// <param name="act">Must not throw. Run on the thread of the signal.</param>
    public void Follow(Action act)
    {
        bool came;
        lock (_gate)
            (_follow, came) = (act, _came);
        if (came)
            act();
    }

    /// <summary>One has come.</summary>
    internal void Take()
    {
        Action? follow;
        lock (_gate)
        {
            follow = _follow;
            _came |= follow is null;
        }
        follow?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose() => _registration.Dispose();
}
