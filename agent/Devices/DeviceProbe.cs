using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2;

namespace ThatDam.Agent.Devices;

/// <summary>What one opening of a node found.</summary>
internal sealed record DeviceProbe
{
    public required DeviceRole Role { get; init; }

    public string? Name { get; init; }

    public string? Driver { get; init; }

    public string? Bus { get; init; }

    public bool Multiplanar { get; init; }

    public ModeTable? Table { get; init; }

    public IReadOnlyList<DeviceMode> Modes => Table?.Modes ?? [];

    public IReadOnlyList<DeviceInput> Inputs { get; init; } = [];

    /// <summary>Why it could not be read in full, with the remedy.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the problem is that the daemon's user may not open it.</summary>
    public bool Denied { get; init; }

    /// <summary>Whether it has said who it is, and not yet what it can do.</summary>
    public bool IsBeingRead { get; init; }

    /// <summary>Opens a node once and asks it everything. Never throws for what is wrong with the device: that becomes its problem.</summary>
    /// <param name="path">The node, such as <c>/dev/video0</c>.</param>
    /// <param name="siblings">What other instances of the same driver on the same parent list.</param>
    /// <param name="named">Called when a camera has said its name.</param>
    public static DeviceProbe Of(string path, IReadOnlyList<ModeTable> siblings, CameraNamed named)
    {
        var found = new DeviceProbe { Role = DeviceRoles.Guess(Path.GetFileName(path)) };
        try
        {
            using var device = VideoDevice.Open(path);
            var capability = device.QueryCapability();
            var caps = capability.DeviceCaps;
            found = found with
            {
                Role = DeviceRoles.Of(caps),
                Name = capability.Card,
                Driver = capability.Driver,
                Bus = capability.BusInfo,
                Multiplanar = (caps & VideoCapabilities.VideoCaptureMplane) != 0 && (caps & VideoCapabilities.VideoCapture) == 0,
            };
            if (found.Role != DeviceRole.Capture)
                return found;
            var sofar = found with { IsBeingRead = true, Problem = DeviceProblems.BeingRead(path) };
            named(sofar, takesLong: false);
            var type = found.Multiplanar ? BufferType.VideoCaptureMplane : BufferType.VideoCapture;
            found = found with { Inputs = InputList.Read(device) };
            found = found with { Table = ModeTable.Read(device, capability.Card, type, siblings, () => named(sofar, takesLong: true)) };
            return found with { Problem = ProblemOf(found, caps) };
        }
        catch (NativeException e)
        {
            return found with { Problem = DeviceProblems.Told(path, e), Denied = e.Errno is Errno.EACCES or Errno.EPERM };
        }
    }

    private static string? ProblemOf(DeviceProbe found, VideoCapabilities caps) => found switch
    {
        _ when (caps & VideoCapabilities.Streaming) == 0 => "Its driver cannot stream (no V4L2_CAP_STREAMING), so it cannot be recorded.",
        { Table.Formats.Count: 0, Driver: Device.LoopbackDriver } => "It has no mode until a program feeds it. Start that program, then look again.",
        { Modes.Count: 0 } => "Its driver lists no format.",
        _ => null,
    };
}

/// <summary>Opens a node and asks it everything. See <see cref="DeviceProbe.Of"/>.</summary>
internal delegate DeviceProbe Probe(string path, IReadOnlyList<ModeTable> siblings, CameraNamed named);

/// <summary>Told when a camera has said its name, and not yet what it can do.</summary>
/// <param name="sofar">What is known of it.</param>
/// <param name="takesLong">Whether the rest takes a while: a driver of many formats answers for a quarter of a second.</param>
internal delegate void CameraNamed(DeviceProbe sofar, bool takesLong);
