using System.Collections.Concurrent;
using System.Threading.Channels;
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
    private readonly Func<string, IReadOnlyList<ModeTable>, DeviceProbe> _probe;
    private readonly ConcurrentDictionary<string, bool> _silent = new(); // nodes that were asked and have not answered yet
    private Dictionary<string, string> _before = [];
    private volatile HashSet<string> _marks = [];

    /// <summary>A scan of this machine.</summary>
    /// <param name="identities">The stable ids given so far.</param>
    /// <param name="time">Says when devices were seen.</param>
    /// <param name="log">Told when an id cannot be kept.</param>
    public DeviceScan(DeviceIdentityStore identities, TimeProvider time, ILogger<DeviceScan> log)
        : this("/sys", "/dev", IdentityLedger.Over(identities, log), time, DeviceProbe.Of)
    {
    }

    /// <summary>A scan of another tree.</summary>
    internal DeviceScan(string sysfs, string dev, IdentityLedger identities, TimeProvider time, Func<string, IReadOnlyList<ModeTable>, DeviceProbe> probe) =>
        (_sysfs, _dev, _identities, _time, _probe) = (sysfs, dev, identities, time, probe);

    /// <summary>Every video node, those that cannot capture too. One look at a time.</summary>
    internal async Task<IReadOnlyList<Device>> LookAsync(CancellationToken cancellation)
    {
        _marks = [.. Marks()]; // before the rest: what changes meanwhile is seen at the next
        var nodes = SysfsNode.ReadAll(_sysfs);
        if (nodes.Count == 0)
            nodes = Unlisted();
        var identities = nodes.Select(DeviceIdentity.Of).ToList();
        var ids = _identities.Assign(identities, _before);
        _before = identities.Zip(ids).ToDictionary(pair => pair.First.Key, pair => pair.Second);
        var probes = await ProbeAsync(nodes, cancellation).ConfigureAwait(false);
        var seen = _time.GetUtcNow();
        return [.. nodes.Select((node, i) => new Device
        {
            Node = PathOf(node),
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
            Denied = probes[i].Denied,
            LastSeen = seen,
        })];
    }

    /// <summary>Whether the nodes are still those of the last look.</summary>
    internal bool IsComplete() => _marks.SetEquals(Marks());

    private IReadOnlyList<string> Marks() => SysfsNode.Marks(_sysfs) is { Count: > 0 } marks ? marks : [.. Unlisted().Select(node => node.Name)];

    /// <summary>Nodes that a container was given without sysfs.</summary>
    private List<SysfsNode> Unlisted() => !Directory.Exists(_dev) ? [] : [.. Directory.EnumerateFiles(_dev, "video*")
        .Select(path => Path.GetFileName(path))
        .Where(name => name.Length > "video".Length && name.AsSpan("video".Length).IndexOfAnyExceptInRange('0', '9') < 0)
        .OrderBy(SysfsNode.Number)
        .Select(name => new SysfsNode { Name = name })];

    /// <summary>
    /// Asks every node. When none has answered for <see cref="Patience"/>, those that hang are given up, and their threads with them; those
    /// that waited behind them are asked each for itself.
    /// </summary>
    private async Task<DeviceProbe[]> ProbeAsync(IReadOnlyList<SysfsNode> nodes, CancellationToken cancellation)
    {
        // One that hangs would take another thread with each look.
        var round = new Round(_probe, _silent);
        var families = nodes.GroupBy(node => node.Usb is null && node.Parents.Count > 0 ? node.Parents[0].Folder : node.Name, PathOf);
        foreach (var family in families)
            round.Ask([.. family]);
        await round.CollectAsync(nodes.Count, _time, cancellation).ConfigureAwait(false);
        foreach (var path in nodes.Select(PathOf))
            round.Ask([path]);
        await round.CollectAsync(nodes.Count, _time, cancellation).ConfigureAwait(false);
        return [.. nodes.Select(PathOf).Select(path => round.Answers.GetValueOrDefault(path)
            ?? Silent(path))];
    }

    private static DeviceProbe Silent(string path) => new() { Role = DeviceRoles.Guess(Path.GetFileName(path)), Problem = DeviceProblems.Silent(path, Patience) };

    private string PathOf(SysfsNode node) => Path.Combine(_dev, node.Name);

    /// <summary>The questions and answers of one look. Each node is asked once.</summary>
    private sealed class Round(Func<string, IReadOnlyList<ModeTable>, DeviceProbe> probe, ConcurrentDictionary<string, bool> silent)
    {
        private readonly ConcurrentDictionary<string, bool> _asked = [];
        private readonly Channel<(string Path, DeviceProbe Found)> _incoming = Channel.CreateUnbounded<(string, DeviceProbe)>();

        public Dictionary<string, DeviceProbe> Answers { get; } = [];

        /// <summary>Asks the nodes of one parent, one after another: instances of one driver may be alike.</summary>
        public void Ask(string[] paths)
        {
            if (paths.All(_asked.ContainsKey))
                return;
            _ = Task.Run(() =>
            {
                var tables = new List<ModeTable>();
                foreach (var path in paths.Where(path => _asked.TryAdd(path, true)))
                {
                    if (!silent.TryAdd(path, true))
                    {
                        _incoming.Writer.TryWrite((path, Silent(path)));
                        continue;
                    }
                    var found = probe(path, tables);
                    silent.TryRemove(path, out _);
                    if (found.Table is { } table && !tables.Contains(table))
                        tables.Add(table);
                    _incoming.Writer.TryWrite((path, found));
                }
            });
        }

        /// <summary>Waits until there are so many answers, or none came for <see cref="Patience"/>.</summary>
        public async Task CollectAsync(int count, TimeProvider time, CancellationToken cancellation)
        {
            try
            {
                while (Answers.Count < count && await _incoming.Reader.WaitToReadAsync(cancellation).AsTask().WaitAsync(Patience, time, cancellation).ConfigureAwait(false))
                {
                    while (_incoming.Reader.TryRead(out var answer))
                        Answers[answer.Path] = answer.Found;
                }
            }
            catch (TimeoutException)
            {
                // What has not answered by now is told as such.
            }
        }
    }
}
