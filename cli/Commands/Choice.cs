using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary>Which recordings a word means.</summary>
internal static class Choice
{
    /// <summary>The ids of every recording that has not ended, of one camera's, or of the one named, ended or not.</summary>
    /// <param name="run">Whom to ask.</param>
    /// <param name="what">A recording's id, or a camera by path, stable id, alias or part of its name; null for all.</param>
    /// <exception cref="FailureException">It is neither, or nothing records from that camera.</exception>
    public static IReadOnlyList<string> ActiveIds(Invocation run, string? what)
    {
        IReadOnlyList<Recording> active = run.Daemon.Recordings(active: true).Read(ContractJson.Default.RecordingList).Recordings;
        if (what is null)
            return Ids(active, _ => true);
        if (active.Any(recording => recording.Id == what))
            return [what];

        // A camera that is unplugged is known by what its recordings say of it. Its node may be another's by now: whoever waits for its
        // camera comes second there.
        if (Ids(active, recording => recording.StableId == what || recording.Alias == what) is { Count: > 0 } ids)
            return ids;
        if (Ids(active, recording => recording.Device == what && recording.State != "waiting") is { Count: > 0 } atNode)
            return atNode;
        if (Ids(active, recording => recording.Device == what) is { Count: > 0 } waiting)
            return waiting;
        if (Found(() => run.Daemon.Device(what).Read(ContractJson.Default.DeviceSummary)) is { } device)
        {
            return Ids(active, recording => IsOf(recording, device)) is { Count: > 0 } ofDevice
                ? ofDevice
                : throw new FailureException(ExitCode.NotFound, $"{device.Id}: nothing is recording from it", "see `damctl record list`");
        }

        return Found(() => run.Daemon.Recording(what)) is not null
            ? [what]
            : throw new FailureException(
                ExitCode.NotFound,
                $"{what}: neither a recording nor a camera",
                "see `damctl record list` and `damctl devices list`");
    }

    private static IReadOnlyList<string> Ids(IEnumerable<Recording> recordings, Func<Recording, bool> chosen) =>
        [.. recordings.Where(chosen).Select(recording => recording.Id)];

    private static bool IsOf(Recording recording, DeviceSummary device) =>
        recording.StableId is { } id && device.StableId.Length > 0 ? id == device.StableId : recording.Device == device.Id;

    private static T? Found<T>(Func<T> ask)
        where T : class
    {
        try
        {
            return ask();
        }
        catch (FailureException e) when (e.ExitCode == ExitCode.NotFound)
        {
            return null;
        }
    }
}
