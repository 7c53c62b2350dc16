using System.Text.Json.Serialization;

namespace ThatDam.Contract.Events;

/// <summary><c>tenant.limit</c>: a configured limit refused a request. Also a line of the audit log.</summary>
public sealed record TenantLimit : ContractEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Topic => Topics.TenantLimit;

    /// <summary>Which limit, such as <c>recordings</c>.</summary>
    public required string Limit { get; init; }

    /// <summary>How much it allows.</summary>
    public required long Allowed { get; init; }

    /// <summary>How much there was.</summary>
    public required long Used { get; init; }

    /// <summary>What was asked, such as <c>recording.start</c>.</summary>
    public string? Action { get; init; }

    /// <summary>What it was asked of.</summary>
    public string? Target { get; init; }
}
