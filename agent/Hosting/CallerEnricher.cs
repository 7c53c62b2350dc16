using Serilog.Core;
using Serilog.Events;
using ThatDam.Agent.Tenancy;

namespace ThatDam.Agent.Hosting;

/// <summary>
/// Gives every line its tenant, its principal and, when there is one, its request. Serilog calls it on the thread that logs, before any
/// sink: there the caller is still known.
/// </summary>
internal sealed class CallerEnricher : ILogEventEnricher
{
    public const string TenantId = nameof(Caller.TenantId);
    public const string PrincipalId = nameof(Caller.PrincipalId);
    public const string TraceId = nameof(Caller.TraceId);
    public const string RequestId = nameof(Caller.RequestId);
    public const string CorrelationId = nameof(Caller.CorrelationId);

    /// <inheritdoc/>
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => Enrich(logEvent, Caller.Current);

    /// <summary>Gives a line what is known of its caller. What it said of itself under these names is replaced.</summary>
    public static void Enrich(LogEvent logEvent, Caller caller)
    {
        Set(TenantId, caller.TenantId);
        Set(PrincipalId, caller.PrincipalId);
        Set(TraceId, caller.TraceId);
        Set(RequestId, caller.RequestId);
        Set(CorrelationId, caller.CorrelationId);

        void Set(string name, string? value)
        {
            if (value is not null)
                logEvent.AddOrUpdateProperty(new LogEventProperty(name, new ScalarValue(value)));
        }
    }
}
