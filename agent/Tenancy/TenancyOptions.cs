namespace ThatDam.Agent.Tenancy;

/// <summary>[Tenancy] of the configuration: on whose behalf the daemon works, and how much it may do.</summary>
public sealed record TenancyOptions
{
    /// <summary>The tenant where none is configured.</summary>
    public const string DefaultTenant = "default";

    /// <summary>The logical tenant namespace of everything this daemon tells.</summary>
    public string Tenant { get; init; } = DefaultTenant;

    /// <summary>How many recordings may run at once; 0 for no limit.</summary>
    public int MaxRecordings { get; init; }
}
