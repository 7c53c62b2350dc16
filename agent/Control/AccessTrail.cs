using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Control;

/// <summary>Tells every request that changes something, answered or not: committed before the first byte of the answer goes out.</summary>
internal static class AccessTrail
{
    private const int ClientGone = 499;

    /// <summary>Adds it to the pipeline, outside of what answers.</summary>
    public static void UseAccessTrail(this WebApplication app, AgentRooms rooms)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ThatDam.Agent.Control");
        app.Use(async (context, next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<ChangeAction>() is not { } action)
            {
                await next(context).ConfigureAwait(false);
                return;
            }
            var told = false;
            context.Response.OnStarting(() =>
            {
                Tell(context.Response.StatusCode);
                return Task.CompletedTask;
            });
            try
            {
                await next(context).ConfigureAwait(false);
            }
            finally
            {
                Tell(context.RequestAborted.IsCancellationRequested ? ClientGone : context.Response.StatusCode);
            }

            void Tell(int status)
            {
                if (told)
                    return;
                told = true;
                try
                {
                    rooms.Outbox.Commit(new TenantAccess
                    {
                        Action = action.Name,
                        Target = context.Target(),
                        Allowed = status is >= 200 and < 300,
                        Status = status,
                        Code = context.Code(),
                        Pid = Caller.Current.Pid,
                    });
                    rooms.CatchUpAudit();
                }
                catch (ProblemException e)
                {
                    log.LogError("{Action} could not be written to the audit log: {Reason}", action.Name, e.Message);
                }
            }
        });
    }
}
