namespace ThatDam.Agent.Control;

/// <summary>Marks a route that changes something: each request to it is told as <c>tenant.access</c>, and is a line of the audit log.</summary>
/// <param name="Name">What it does, such as <c>recording.start</c>.</param>
internal sealed record ChangeAction(string Name);

/// <summary>Words for routes that change something.</summary>
internal static class ChangeActions
{
    private static readonly object TargetKey = new();
    private static readonly object CodeKey = new();
    private static readonly object AccessKey = new();

    /// <summary>This route changes something.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder route, string action) => route.WithMetadata(new ChangeAction(action));

    /// <summary>Says what the request is about: a device, a recording.</summary>
    public static void SetTarget(this HttpContext context, string? target) => context.Items[TargetKey] = target;

    /// <summary>What the request is about; null when it named nothing.</summary>
    public static string? Target(this HttpContext context) => context.Items[TargetKey] as string;

    /// <summary>Says how the request is told.</summary>
    public static void SetAccess(this HttpContext context, Access access) => context.Items[AccessKey] = access;

    /// <summary>How the request is told.</summary>
    public static Access Access(this HttpContext context) => (Access)context.Items[AccessKey]!;

    /// <summary>Says which problem it ran into.</summary>
    public static void SetCode(this HttpContext context, string code) => context.Items[CodeKey] = code;

    /// <summary>Which problem it ran into; null for none.</summary>
    public static string? Code(this HttpContext context) => context.Items[CodeKey] as string;
}
