using System.Collections.Concurrent;
using ThatDam.Agent.State;

namespace ThatDam.Agent.Devices;

/// <summary>
/// Looks at every video node of the machine: sysfs says who it is, one opening what it can do. Nodes are asked side by side, for a USB
/// camera takes its time to wake. One that cannot be opened, or hangs, is in the list with its problem.
/// </summary>
public sealed class DeviceScan
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _sysfs;
    private readonly string _dev;
    private readonly IdentityLedger _identities;
    private readonly TimeProvider _time;
    private readonly Func<string, DeviceProbe> _probe;
    private Dictionary<string, string> _before = [];

    /// <summary>A scan of this machine.</summary>
    /// <param name="identities">The stable ids given so far.</param>
    /// <param name="time">Says when devices were seen.</param>
    /// <param name="log">Told when an id cannot be kept.</param>
    public DeviceScan(DeviceIdentityStore identities, TimeProvider time, ILogger<DeviceScan> log)
        : this("/sys", "/dev", IdentityLedger.Over(identities, log), time, DeviceProbe.Of)
    {
    }

    /// <summary>A scan of another tree.</summary>
    internal DeviceScan(string sysfs, string dev, IdentityLedger identities, TimeProvider time, Func<string, DeviceProbe> probe) =>
        (_sysfs, _dev, _identities, _time, _probe) = (sysfs, dev, identities, time, probe);

    /// <summary>Every video node, those that cannot capture too. One look at a time.</summary>
    internal async Task<IReadOnlyList<Device>> LookAsync(CancellationToken cancellation)
    {
        var nodes = SysfsNode.ReadAll(_sysfs);
        if (nodes.Count == 0)
            nodes = Unlisted();
        var identities = nodes.Select(DeviceIdentity.Of).ToList();
        var ids = _identities.Assign(identities, _before);
        _before = identities.Zip(ids).ToDictionary(pair => pair.First.Key, pair => pair.Second);
        var probes = await ProbeAsync([.. nodes.Select(node => Path.Combine(_dev, node.Name))], cancellation).ConfigureAwait(false);
        var seen = _time.GetUtcNow();
        return [.. nodes.Select((node, i) => new Device
        {
            Node = Path.Combine(_dev, node.Name),
            Kind = DeviceKind.V4L2,
            Role = probes[i].Role,
            Name = probes[i].Name ?? node.Label ?? node.Name,
            Driver = probes[i].Driver ?? node.Driver ?? "",
            Bus = probes[i].Bus ?? "",
            Serial = node.Usb?.Serial,
            StableId = ids[i],
            Multiplanar = probes[i].Multiplanar,
            Audio = node.Usb?.Audio ?? false,
            Modes = probes[i].Modes,
            Inputs = probes[i].Inputs,
            Problem = probes[i].Problem,
            LastSeen = seen,
        })];
    }

    /// <summary>Nodes that a container was given without sysfs.</summary>
    private List<SysfsNode> Unlisted() => !Directory.Exists(_dev) ? [] : [.. Directory.EnumerateFiles(_dev, "video*")
        .Select(path => Path.GetFileName(path))
        .Where(name => name.Length > "video".Length && name.AsSpan("video".Length).IndexOfAnyExceptInRange('0', '9') < 0)
        .OrderBy(SysfsNode.Number)
        .Select(name => new SysfsNode { Name = name })];

    /// <summary>Asks every node. Those that have not answered when none has for <see cref="Patience"/> are given up, and their threads with them.</summary>
    private async Task<DeviceProbe[]> ProbeAsync(string[] paths, CancellationToken cancellation)
    {
        var answers = new ConcurrentDictionary<int, DeviceProbe>();
        var waiting = paths.Select((path, i) => Task.Run(() => { answers[i] = _probe(path); }, cancellation)).ToList();
        while (waiting.Count > 0)
        {
            try
            {
                var done = await Task.WhenAny(waiting).WaitAsync(Patience, _time, cancellation).ConfigureAwait(false);
                waiting.Remove(done);
                await done.ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                break;
            }
        }
        return [.. paths.Select((path, i) => answers.GetValueOrDefault(i)
            ?? new DeviceProbe { Role = DeviceRoles.Guess(Path.GetFileName(path)), Problem = DeviceProblems.Silent(path, Patience) })];
    }
}
