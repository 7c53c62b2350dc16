using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Control;

/// <summary>
/// One request that changes something. It is told once: together with the change itself, where that is committed, so that no kill can come
/// between them; else, with its status, before the first byte of the answer.
/// </summary>
/// <param name="trail">Where it is told.</param>
/// <param name="context">The request.</param>
/// <param name="action">What it does.</param>
internal sealed class Access(AccessTrail trail, HttpContext context, string action)
{
    // A caller may write anything; beyond this it names nothing.
    private const int MaxTarget = 256;

    private bool _told;

    /// <summary>The request is let through; told in the transaction of what it changes.</summary>
    public void LetThrough(StateTransaction transaction)
    {
        trail.Add(transaction, Event(allowed: true, status: null));
        transaction.AfterCommit(() => _told = true);
    }

    /// <summary>The request is let through; told at once, for what it changes comes later.</summary>
    public void LetThrough() => Tell(Event(allowed: true, status: null));

    /// <summary>The request is being answered.</summary>
    public void Answered(int status) => Tell(Event(status is >= 200 and < 300, status));

    private void Tell(TenantAccess access)
    {
        if (_told)
            return;
        _told = true;
        trail.Commit(access);
    }

    private TenantAccess Event(bool allowed, int? status) => new()
    {
        Action = action,
        Target = context.Target() is { Length: > MaxTarget } target ? target[..MaxTarget] : context.Target(),
        Allowed = allowed,
        Status = status,
        Code = context.Code(),
        Pid = Caller.Current.Pid,
    };
}
