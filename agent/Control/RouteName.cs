namespace ThatDam.Agent.Control;

/// <summary>A name in a route.</summary>
internal static class RouteName
{
    /// <summary>The name as it was meant: the server decodes every escape but that of the slash.</summary>
    public static string Decode(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
