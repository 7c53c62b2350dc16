using ThatDam.Cli.Client;
using ThatDam.Contract;

namespace ThatDam.Cli.Output;

/// <summary>What the status says of a camera's life, in words.</summary>
internal static class CameraText
{
    /// <summary>What the daemon tells of one camera; null where it was never opened, or an older daemon does not tell.</summary>
    public static CameraStatus? Find(Daemon daemon, string stableId)
    {
        try
        {
            return Of(daemon.Status().Read(ContractJson.Default.AgentStatus)).FirstOrDefault(camera => camera.StableId == stableId);
        }
        catch (FailureException)
        {
            return null; // it is an addition to what was asked for
        }
    }

    /// <summary>The cameras of a status.</summary>
    public static IReadOnlyList<CameraStatus> Of(AgentStatus status) => status.Cameras ?? []; // null from a daemon that does not tell

    /// <summary>One line: what it does, why, and how often what happened.</summary>
    public static string Line(Terminal terminal, CameraStatus camera)
    {
        string line = $"{camera.Device} {camera.State} since {terminal.Moment(camera.Since)}";
        if (camera.Reason is not null)
            line += $": {camera.Reason}";
        if (Counts(camera.Transitions) is { } transitions)
            line += $"; {transitions}";
        return Counts(camera.Recovery) is { } recovery ? $"{line}; recovery: {recovery}" : line;
    }

    /// <summary>Counts by name, such as <c>streaming 2, lost 1</c>; null where nothing was counted.</summary>
    public static string? Counts(IReadOnlyDictionary<string, long>? counts) => counts is null || counts.Count == 0
        ? null
        : string.Join(", ", counts.Select(count => $"{count.Key.Replace('_', ' ')} {Figures.Count(count.Value)}"));
}
