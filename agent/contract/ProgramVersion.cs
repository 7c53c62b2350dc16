using System.Reflection;

namespace ThatDam.Contract;

/// <summary>The version of a program.</summary>
public static class ProgramVersion
{
    private const int CommitLetters = 10;

    /// <summary>Such as <c>0.1.0+8bf1154c20</c>: the version, and the commit that it was built from, if that is known.</summary>
    public static string Of(Assembly program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var version = program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        // The compiler writes the whole commit.
        return version.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus && version.Length > plus + 1 + CommitLetters
            ? version[..(plus + 1 + CommitLetters)]
            : version;
    }
}
