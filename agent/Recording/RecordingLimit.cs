using System.Globalization;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Recording;

/// <summary>How many recordings may run at once. A place is taken when a start is asked for, and given back when it fails or ends.</summary>
/// <param name="options">The limit.</param>
/// <param name="outbox">Told each refusal.</param>
public sealed class RecordingLimit(TenancyOptions options, EventOutbox outbox)
{
    private int _used;

    /// <summary>Takes a place.</summary>
    /// <exception cref="ProblemException">409 <c>limit_recordings</c>: all are taken; told as <c>tenant.limit</c>.</exception>
    internal void Take(string device)
    {
        if (Interlocked.Increment(ref _used) <= options.MaxRecordings || options.MaxRecordings == 0)
            return;
        var used = Interlocked.Decrement(ref _used);
        outbox.Commit(new TenantLimit { Limit = "recordings", Allowed = options.MaxRecordings, Used = used, Action = "recording.start", Target = device });
        throw new ProblemException(
            409, "limit_recordings", "Too many recordings",
            string.Create(CultureInfo.InvariantCulture, $"{used} recordings run, and tenant {options.Tenant} may run {options.MaxRecordings} at once; {device} was not started."),
            "Stop one (damctl record list --active shows them), or raise MaxRecordings= in [Tenancy].");
    }

    /// <summary>Gives it back.</summary>
    internal void Release() => Interlocked.Decrement(ref _used);
}
