using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.State;

namespace ThatDam.Agent.Devices;

/// <summary>
/// The video nodes of the machine: sysfs says which there are and who they are, one opening what each can do. A look asks only those that
/// came since the last, and those in its scope; it asks them side by side, for a USB camera takes its time to wake. One that cannot be
/// opened, or hangs, is in the list with its problem. For any thread.
/// </summary>
public sealed class DeviceScan
{
    private readonly string _sysfs;
    private readonly string _dev;
    private readonly string? _udev;
    private readonly IdentityLedger _identities;
    private readonly TimeProvider _time;
    private readonly NodeQuestions _questions;
    private readonly Lock _gate = new();
    private Dictionary<string, ScannedNode> _nodes = [];
    private Dictionary<string, string> _before = [];

    /// <summary>A scan of this machine.</summary>
    /// <param name="identities">The stable ids given so far.</param>
    /// <param name="time">Says when devices were seen.</param>
    /// <param name="log">Told what cannot be kept.</param>
    public DeviceScan(DeviceIdentityStore identities, TimeProvider time, ILogger<DeviceScan> log)
        : this("/sys", "/dev", IdentityLedger.Over(identities, log), time, DeviceProbe.Of, "/run/udev", log)
    {
    }

    /// <summary>A scan of another tree.</summary>
    internal DeviceScan(
        string sysfs, string dev, IdentityLedger identities, TimeProvider time, Probe probe,
        string? udev = null, ILogger? log = null)
    {
        (_sysfs, _dev, _udev, _identities, _time, Log) = (sysfs, dev, udev, identities, time, log ?? NullLogger.Instance);
        _questions = new NodeQuestions(_gate, time, probe, Siblings);
        _questions.AnsweredLate += () => AnsweredLate?.Invoke();
        _questions.Named += () => Named?.Invoke();
    }

    /// <summary>Raised when a node that had been given up has answered after all.</summary>
    internal event Action? AnsweredLate;

    /// <summary>Raised when a node that came has said who it is, and what it can do takes a while.</summary>
    internal event Action? Named;

    /// <summary>Told what goes wrong without harm.</summary>
    internal ILogger Log { get; }

    /// <summary>
    /// Compares the nodes with sysfs: those that are gone are dropped, those that came are taken in without being asked yet. Asks nobody.
    /// Returns whom the look has to ask.
    /// </summary>
    internal IReadOnlyList<ScannedNode> Compare(LookScope scope)
    {
        var marks = Marks();
        lock (_gate)
        {
            var nodes = new Dictionary<string, ScannedNode>();
            foreach (var (name, mark) in marks)
            {
                var known = _nodes.GetValueOrDefault(name) is { } node && node.Mark == mark ? node : null;
                if (known is not null && !scope.Covers(name))
                    nodes.Add(name, known);
                else if (Read(name, mark) is not { } read)
                    continue;
                else if (known?.Identity.Key == read.Identity.Key) // else it was read before the kernel had described it in full
                    nodes.Add(name, known!);
                else if (known is not null || !scope.MayLeave(name) || !IsUnsettled(read.Sysfs))
                    nodes.Add(name, read);
            }
            if (nodes.Count != _nodes.Count || nodes.Any(pair => _nodes.GetValueOrDefault(pair.Key) != pair.Value))
            {
                Identify([.. SysfsNode.InOrder(nodes.Values, node => node.Name)]); // first: where that fails, they are new at the next look too
                _nodes = nodes;
            }
            return [.. InOrder().Where(node => (node.Answer is null && node.Asked is null) || scope.Covers(node.Name))];
        }
    }

    /// <summary>Asks nodes. Ends when each has answered, or is given up, or has gone.</summary>
    internal Task AskAsync(IReadOnlyList<ScannedNode> nodes) => Task.WhenAll(nodes.Select(_questions.AskAsync));

    /// <summary>Ends when those that came have said what they can do, or are given up.</summary>
    internal Task ReadAsync()
    {
        lock (_gate)
            return Task.WhenAll(_nodes.Values.Where(node => node.Answer is { IsBeingRead: true }).Select(node => node.Asked?.Done).OfType<Task>());
    }

    /// <summary>Every node that has answered, those that cannot capture too, in the list's order.</summary>
    internal IReadOnlyList<Device> Devices()
    {
        var seen = _time.GetUtcNow();
        lock (_gate)
            return [.. InOrder().Select(node => node.Device(seen)).OfType<Device>()];
    }

    /// <summary>The devices that have not been asked for so long.</summary>
    internal IReadOnlyList<Device> Stale(TimeSpan age)
    {
        var seen = _time.GetUtcNow();
        lock (_gate)
            return [.. _nodes.Values.Where(node => node.Answer is { IsBeingRead: false } && _time.GetElapsedTime(node.AnsweredAt) >= age).Select(node => node.Device(seen)!)];
    }

    /// <summary>The names of the nodes of a device; none when it is not there.</summary>
    internal IReadOnlyList<string> NodesOf(string stableId)
    {
        lock (_gate)
            return [.. _nodes.Values.Where(node => node.StableId == stableId).Select(node => node.Name)];
    }

    /// <summary>A look at every node, and what it found.</summary>
    internal async Task<IReadOnlyList<Device>> LookAsync(CancellationToken cancellation)
    {
        await AskAsync(Compare(LookScope.All)).WaitAsync(cancellation).ConfigureAwait(false);
        return Devices();
    }

    /// <summary>Whether the nodes are still those of the last look.</summary>
    internal bool IsComplete()
    {
        var marks = Marks();
        lock (_gate)
            return marks.Count == _nodes.Count && marks.All(pair => _nodes.TryGetValue(pair.Key, out var node) && node.Mark == pair.Value);
    }

    private void Identify(IReadOnlyList<ScannedNode> present)
    {
        var ids = _identities.Assign([.. present.Select(node => node.Identity)], _before);
        foreach (var (node, id) in present.Zip(ids))
            node.StableId = id;
        // Two nodes have one key only where sysfs tells them apart by nothing.
        _before = present.GroupBy(node => node.Identity.Key).ToDictionary(same => same.Key, same => same.First().StableId);
    }

    private IEnumerable<ScannedNode> InOrder() => SysfsNode.InOrder(_nodes.Values, node => node.Name);

    private IReadOnlyList<ModeTable> Siblings(ScannedNode node)
    {
        lock (_gate)
            return [.. _nodes.Values.Where(other => other != node && other.Family == node.Family).Select(other => other.Answer?.Table).OfType<ModeTable>().Distinct()];
    }

    private ScannedNode? Read(string name, string mark)
    {
        try
        {
            var path = Path.Combine(_dev, name);
            if (!HasClass())
                return new ScannedNode(new SysfsNode { Name = name }, mark, path);
            return SysfsNode.Read(_sysfs, name) is { } node ? new ScannedNode(node, mark, path) : null;
        }
        catch (IOException)
        {
            return null; // it has gone while it was read
        }
    }

    // udev makes a device's entry when it has done with it, before its message.
    private bool IsUnsettled(SysfsNode node) =>
        _udev is not null && node.DeviceNumber is { } number && File.Exists(Path.Combine(_udev, "control")) && !File.Exists(Path.Combine(_udev, "data", "c" + number));

    private bool HasClass() => Directory.Exists(Path.Combine(_sysfs, "class/video4linux"));

    private IReadOnlyDictionary<string, string> Marks() => HasClass() ? SysfsNode.Marks(_sysfs) : Unlisted();

    /// <summary>Nodes that a container was given without sysfs.</summary>
    private Dictionary<string, string> Unlisted() => !Directory.Exists(_dev) ? [] : Directory.EnumerateFiles(_dev, "video*")
        .Select(path => Path.GetFileName(path))
        .Where(name => name.Length > "video".Length && name.AsSpan("video".Length).IndexOfAnyExceptInRange('0', '9') < 0)
        .ToDictionary(name => name, name => name);
}
