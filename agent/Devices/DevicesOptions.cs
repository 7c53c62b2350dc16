namespace ThatDam.Agent.Devices;

/// <summary>[Devices] and the <c>[Camera:NAME]</c> sections of the configuration.</summary>
public sealed record DevicesOptions
{
    /// <summary>How long a device that is gone stays in the list as offline; zero: not at all.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The rules, in the order of the configuration; of several that match, the first counts.</summary>
    public IReadOnlyList<CameraRule> Cameras { get; init; } = [];
}
