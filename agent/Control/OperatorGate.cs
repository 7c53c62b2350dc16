using Microsoft.AspNetCore.Connections.Features;
using ThatDam.Agent.Tenancy;
using ThatDam.Native.Errors;
using ThatDam.Native.Users;

namespace ThatDam.Agent.Control;

/// <summary>Lets only <see cref="Operators"/> change something. Who is refused is a line of the audit log, as any request that changes something.</summary>
internal static class OperatorGate
{
    /// <summary>Adds it to the pipeline, within what tells and words the answer.</summary>
    public static void UseOperators(this WebApplication app, Operators operators) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ChangeAction>() is not null && !May(context, operators))
            throw operators.Refusal(Caller.Current.PrincipalId);
        return next(context);
    });

    private static bool May(HttpContext context, Operators operators)
    {
        if (context.Features.Get<IConnectionSocketFeature>() is not { Socket: var socket })
            return false;
        try
        {
            return operators.May(PeerCredentials.Of(socket.SafeHandle), () => PeerGroups.Of(socket.SafeHandle));
        }
        catch (Exception e) when (e is NativeException or ObjectDisposedException)
        {
            return false; // it has hung up already
        }
    }
}
