using Microsoft.AspNetCore.Connections.Features;
using ThatDam.Agent.Tenancy;
using ThatDam.Native.Errors;
using ThatDam.Native.Users;

namespace ThatDam.Agent.Control;

/// <summary>Finds out who asks: the user at the other end of the socket, as the kernel knows him (SO_PEERCRED, unix(7)).</summary>
internal static class RequestCallers
{
    // Whose connection the kernel no longer knows.
    private const string Unknown = "unknown";

    /// <summary>From here on the request's client is the <see cref="Caller"/>.</summary>
    public static void UseCallers(this WebApplication app, TenancyOptions options) => app.Use((context, next) =>
    {
        var (principal, pid) = Peer(context);
        Caller.Enter(new Caller
        {
            TenantId = options.Tenant,
            PrincipalId = principal,
            Pid = pid,
            TraceId = TraceContext.TraceId(context.Request.Headers.TraceParent),
            RequestId = TraceContext.Id(context.Request.Headers.RequestId) ?? TraceContext.Id(context.Request.Headers["X-Request-ID"]),
            CorrelationId = TraceContext.Id(context.Request.Headers["X-Correlation-ID"]),
        });
        return next(context);
    });

    private static (string Principal, int? Pid) Peer(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>() is not { Socket: var socket })
            return (Unknown, null);
        try
        {
            var peer = PeerCredentials.Of(socket.SafeHandle);
            return (Principal.Of(peer.Uid), peer.Pid);
        }
        catch (Exception e) when (e is NativeException or ObjectDisposedException)
        {
            return (Unknown, null); // it has hung up already
        }
    }
}
