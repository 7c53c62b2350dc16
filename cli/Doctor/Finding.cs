namespace ThatDam.Cli.Doctor;

/// <summary>One thing that was found.</summary>
/// <param name="Subject">What it is about: a device, or a part of the daemon.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="What">What is so, in a few words.</param>
/// <param name="Cause">Why.</param>
/// <param name="Remedy">What to do about it; null where there is nothing to do.</param>
internal sealed record Finding(string Subject, Severity Severity, string What, string Cause, string? Remedy = null);

/// <summary>How bad a finding is.</summary>
internal enum Severity
{
    /// <summary>Good to know; nothing is wrong.</summary>
    Info,

    /// <summary>Something does not work as it should.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Error,
}
