namespace ThatDam.Agent.Devices;

/// <summary>Which rule of the configuration a device matches.</summary>
/// <param name="rules">In the order of the configuration.</param>
public sealed class CameraRules(IReadOnlyList<CameraRule> rules)
{
    /// <summary>The rule, and which line it is and why, in words; null for none.</summary>
    public (CameraRule? Rule, string? Matched) For(Device device) => (rules.FirstOrDefault(rule => rule.Match is { Kind: CameraMatchKind.Id } match && match.Text == device.StableId), null);
}
