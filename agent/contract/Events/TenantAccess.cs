using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>tenant.access</c>: a request that changes something was answered. Also a line of the audit log.</summary>
public sealed record TenantAccess : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.TenantAccess;

    /// <summary>What was asked, such as <c>recording.start</c>, <c>recording.stop</c>, <c>devices.rescan</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What it was asked of: a device, a recording; null where the request named none.</summary>
    public string? Target { get; init; }

    /// <summary>Whether it was let through.</summary>
    public required bool Allowed { get; init; }

    /// <summary>The HTTP status it was answered with; null where it is told with the change itself, before the answer.</summary>
    public int? Status { get; init; }

    /// <summary>The problem's code, where it was not done.</summary>
    public string? Code { get; init; }

    /// <summary>The caller's process (SO_PEERCRED).</summary>
    public int? Pid { get; init; }
}
