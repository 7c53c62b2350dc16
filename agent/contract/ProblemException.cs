namespace ThatDam.Contract;

/// <summary>A request that cannot be met, for a reason that its user can act on. Carries the <see cref="Contract.Problem"/> that is told.</summary>
/// <param name="status">The HTTP status: 400, 403, 404, 409, 422, 503, 504, 507.</param>
/// <param name="code">A stable word for programs, such as <c>device_not_found</c>.</param>
/// <param name="title">The kind in a few words.</param>
/// <param name="detail">The thing and the reason.</param>
/// <param name="remedy">What to do about it.</param>
/// <param name="recording">The recording in question.</param>
public sealed class ProblemException(int status, string code, string title, string detail, string? remedy = null, string? recording = null)
    : Exception(remedy is null ? detail : $"{detail} {remedy}")
{
    /// <summary>What is told.</summary>
    public Problem Problem { get; } = new()
    {
        Type = $"urn:thatdam:problem:{code}",
        Title = title,
        Status = status,
        Detail = detail,
        Code = code,
        Remedy = remedy,
        Recording = recording,
    };
}
