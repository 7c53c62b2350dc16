using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Control;

/// <summary>Tells every request that changes something, done or refused. What the state does not take now is told with the next one.</summary>
/// <param name="rooms">Where it is told.</param>
/// <param name="log">Told what could not be.</param>
internal sealed class AccessTrail(AgentRooms rooms, ILogger log)
{
    // A client that hung up before its answer.
    private const int ClientGone = 499;

    private const int MaxMissed = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<(TenantAccess Access, Caller Caller)> _missed = [];

    /// <summary>Adds it to the pipeline, outside of what answers.</summary>
    public void Use(WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ChangeAction>() is not { } action)
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        var access = new Access(this, context, action.Name);
        context.SetAccess(access);
        context.Response.OnStarting(() =>
        {
            access.Answered(context.Response.StatusCode);
            return Task.CompletedTask;
        });
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            access.Answered(context.RequestAborted.IsCancellationRequested ? ClientGone : context.Response.StatusCode);
        }
    });

    /// <summary>Tells one as part of a transaction.</summary>
    public void Add(StateTransaction transaction, TenantAccess access)
    {
        rooms.Outbox.Add(transaction, access);
        transaction.AfterCommit(rooms.CatchUpAudit);
    }

    /// <summary>Tells one by itself.</summary>
    public void Commit(TenantAccess access)
    {
        lock (_gate)
        {
            _missed.Enqueue((access with { Ts = rooms.Time.GetUtcNow() }, Caller.Current));
            try
            {
                while (_missed.TryPeek(out var oldest))
                {
                    rooms.Outbox.Commit(oldest.Access, cause: oldest.Caller);
                    _missed.Dequeue();
                }
            }
            catch (ProblemException e)
            {
                log.LogError("{Action} could not be written to the audit log: {Reason}", access.Action, e.Message);
                if (_missed.Count > MaxMissed)
                    _missed.Dequeue();
            }
        }
        rooms.CatchUpAudit();
    }
}
