using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>What is known when the findings are made: what the daemon says, and what this machine shows the caller.</summary>
internal sealed record Examination
{
    /// <summary>The machine.</summary>
    public required Machine Machine { get; init; }

    /// <summary>What the daemon says of itself; null when it does not answer.</summary>
    public AgentStatus? Status { get; init; }

    /// <summary>The ids that the daemon runs with, read once: it may end meanwhile. Null where they cannot be read.</summary>
    public (uint User, IReadOnlyCollection<uint> Groups)? DaemonIds { get; init; }

    /// <summary>Why it does not answer.</summary>
    public FailureException? Unreachable { get; init; }

    /// <summary>The devices to look at.</summary>
    public required IReadOnlyList<DeviceSummary> Devices { get; init; }

    /// <summary>All devices, for what one means to another.</summary>
    public required IReadOnlyList<DeviceSummary> All { get; init; }

    /// <summary>The processes that have a node of theirs open.</summary>
    public required ProcessTable Processes { get; init; }

    /// <summary>Whether the user named a device.</summary>
    public required bool Named { get; init; }

    /// <summary>A moment in words.</summary>
    public required Func<DateTimeOffset, string> Moment { get; init; }

    /// <summary>Looks at one device, or at all.</summary>
    /// <param name="daemon">The daemon.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="terminal">Tells the time zone.</param>
    /// <param name="name">The device; null for all.</param>
    /// <exception cref="FailureException">The daemon answers, and has no such device, or several.</exception>
    public static Examination Of(Daemon daemon, Machine machine, Terminal terminal, string? name)
    {
        AgentStatus? status = null;
        FailureException? unreachable = null;
        IReadOnlyList<DeviceSummary> all;
        try
        {
            status = daemon.Status().Read(ContractJson.Default.AgentStatus);
            all = daemon.Devices(all: false).Read(ContractJson.Default.DeviceList).Devices;
        }
        catch (FailureException e)
        {
            unreachable = e;
            all = [.. machine.VideoNodes().Select(Unknown)];
        }

        IReadOnlyList<DeviceSummary> devices = name is null ? all
            : unreachable is not null ? [.. all.Where(device => device.Id == name || device.Id == $"/dev/{name}")]
            : [daemon.Device(name).Read(ContractJson.Default.DeviceSummary)];
        return new Examination
        {
            Machine = machine,
            Status = status,
            DaemonIds = status is null ? null : ProcessTable.Ids(machine, status.Pid),
            Unreachable = unreachable,
            Devices = devices,
            All = all,
            Processes = ProcessTable.Look(machine, devices.Where(IsNode).Select(device => device.Path).ToHashSet(), except: status?.Pid),
            Named = name is not null,
            Moment = terminal.Moment,
        };
    }

    /// <summary>What the daemon tells of a camera's life; null where it was never opened.</summary>
    public CameraStatus? Camera(DeviceSummary device) =>
        Status is null ? null : CameraText.Of(Status).FirstOrDefault(camera => camera.StableId == device.StableId);

    /// <summary>Whether a device is there and has a node in the file system.</summary>
    public static bool IsNode(DeviceSummary device) => device.Kind == "v4l2" && ModeText.IsOnline(device);

    /// <summary>How a device is called.</summary>
    public static string Subject(DeviceSummary device) => ModeText.Named(device.Id, device.Alias);

    /// <summary>
    /// What the daemon said of a device, in what is wrong with it now or in why it was last closed, if these words are in it; null if not.
    /// These are its own words (see agent/Devices/DeviceProblems.cs, agent/Capture/OpenProblems.cs).
    /// </summary>
    public string? Said(DeviceSummary device, string words) => device.Problem is { } problem && problem.Contains(words, StringComparison.OrdinalIgnoreCase) ? problem
        : Camera(device) is { State: not "streaming", Reason: { } reason } && reason.Contains(words, StringComparison.OrdinalIgnoreCase) ? reason
        : null;

    private static DeviceSummary Unknown(string node) => new()
    {
        Id = node,
        Kind = "v4l2",
        Path = node,
        Name = "",
        Capabilities = new DeviceCapabilities { Resolutions = [], Fps = [], Formats = [] },
        Status = "online",
        LastSeen = default,
    };
}
