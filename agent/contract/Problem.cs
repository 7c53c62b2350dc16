namespace ThatDam.Contract;

/// <summary>An error as RFC 9457 (problem details) has it, media type <c>application/problem+json</c>.</summary>
public sealed record Problem
{
    /// <summary>A URI that names the kind: <c>urn:thatdam:problem:</c> and <see cref="Code"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The kind in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The thing and the reason.</summary>
    public required string Detail { get; init; }

    /// <summary>A stable word for programs, such as <c>device_not_found</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }

    /// <summary>The recording in question, such as the one that a request conflicts with.</summary>
    public string? Recording { get; init; }
}
