using System.Reflection;

namespace ThatDam.Agent.Hosting;

/// <summary>The version of this program.</summary>
internal static class AgentVersion
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(AgentVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
