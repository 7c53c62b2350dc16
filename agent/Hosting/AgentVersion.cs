using System.Reflection;

namespace ThatDam.Agent.Hosting;

/// <summary>The version of this program.</summary>
internal static class AgentVersion
{
    private const int CommitLetters = 10;

    /// <summary>Such as <c>0.1.0+8bf1154c20</c>: the version, and the commit that it was built from, if that is known.</summary>
    public static string Text { get; } = Shortened(typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");

    // The compiler writes the whole commit.
    private static string Shortened(string version) => version.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus && version.Length > plus + 1 + CommitLetters
        ? version[..(plus + 1 + CommitLetters)]
        : version;
}
