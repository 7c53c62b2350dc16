using System.Globalization;

namespace ThatDam.Cli.Doctor;

/// <summary>A process that has a node open.</summary>
/// <param name="Node">The node.</param>
/// <param name="Pid">The process.</param>
/// <param name="Command">Its name: any text of up to 15 bytes.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Since">When it started.</param>
/// <param name="Streams">Whether it has buffers of the device in its memory: it captures, and does not merely know the device.</param>
internal sealed record Holder(string Node, int Pid, string Command, string User, DateTimeOffset? Since, bool Streams);

/// <summary>The processes that have nodes open, as far as the caller may look: by proc(5), in /proc/PID/fd.</summary>
internal sealed class ProcessTable
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every architecture that .NET runs on
    private const string DaemonName = "thatdam-capture"; // all of the 15 bytes that comm has
    private const long KernelThread = 0x00200000; // PF_KTHREAD, <linux/sched.h>

    /// <summary>Those that hold one of the nodes, each once for each node.</summary>
    public List<Holder> Holders { get; } = [];

    /// <summary>How many were looked into.</summary>
    public int Seen { get; private set; }

    /// <summary>How many the caller may not look into; kernel threads, which open nothing, are no part of it.</summary>
    public int Unseen { get; private set; }

    /// <summary>Looks through all processes.</summary>
    /// <param name="machine">Whose.</param>
    /// <param name="nodes">The nodes to look for; without any there is nothing to look for.</param>
    /// <param name="except">A process that may hold them: the daemon. Null where it does not say who it is: then whoever bears its name.</param>
    public static ProcessTable Look(Machine machine, IReadOnlySet<string> nodes, int? except)
    {
        var table = new ProcessTable();
        if (nodes.Count == 0)
            return table;
        foreach (string directory in Listed(machine, "/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && !IsDaemon(machine, pid, except))
                table.Look(machine, nodes, pid);
        }

        return table;
    }

    /// <summary>The ids that a process runs with; null where they cannot be read.</summary>
    public static (uint User, IReadOnlyCollection<uint> Groups)? Ids(Machine machine, int pid)
    {
        // Real, effective, saved, of the file system.
        string[] lines = Status(machine, pid);
        uint[] users = Numbers(lines, "Uid:");
        uint[] groups = Numbers(lines, "Gid:");
        return users.Length < 2 || groups.Length < 2 ? null : (users[1], [groups[1], .. Numbers(lines, "Groups:")]);
    }

    // One that does not answer is not to be ended for the cameras that it records.
    private static bool IsDaemon(Machine machine, int pid, int? daemon) => daemon is { } known
        ? pid == known
        : machine.Text(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/comm"))?.TrimEnd('\n') == DaemonName;

    private void Look(Machine machine, IReadOnlySet<string> nodes, int pid)
    {
        HashSet<string> held = [];
        try
        {
            foreach (string descriptor in machine.Entries(string.Create(CultureInfo.InvariantCulture, $"{machine.Root}/proc/{pid}/fd")))
            {
                if (Target(descriptor) is { } target && nodes.Contains(target))
                    held.Add(target);
            }

            Seen++;
        }
        catch (UnauthorizedAccessException)
        {
            if ((Number(Stat(machine, pid), 6) & KernelThread) == 0)
                Unseen++;
            return;
        }
        catch (IOException)
        {
            // It has ended meanwhile.
        }

        foreach (string node in held.Order(StringComparer.Ordinal))
            Holders.Add(Holder(machine, node, pid));
    }

    private static Holder Holder(Machine machine, string node, int pid)
    {
        string file(string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}");
        bool streams = machine.Text(file("maps"))?.Split('\n').Any(line => line.EndsWith($" {node}", StringComparison.Ordinal)) == true;
        return new Holder(
            node,
            pid,
            machine.Text(file("comm"))?.TrimEnd('\n') ?? "a process",
            Ids(machine, pid) is { } ids ? machine.UserName(ids.User) : "unknown",
            Started(machine, pid),
            streams);
    }

    private static DateTimeOffset? Started(Machine machine, int pid)
    {
        string? boot = machine.Text("/proc/stat")?.Split('\n').FirstOrDefault(line => line.StartsWith("btime ", StringComparison.Ordinal));
        return boot is not null && long.TryParse(boot[6..], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && Number(Stat(machine, pid), 19) is > 0 and var ticks
            ? DateTimeOffset.FromUnixTimeSeconds(seconds + (ticks / TicksPerSecond))
            : null;
    }

    // The fields after the name, which may hold blanks and brackets: the process's state is the first.
    private static string[] Stat(Machine machine, int pid)
    {
        string text = machine.Text(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")) ?? "";
        return text[(text.LastIndexOf(')') + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private static long Number(string[] fields, int index) =>
        index < fields.Length && long.TryParse(fields[index], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private static string[] Status(Machine machine, int pid) =>
        machine.Text(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"))?.Split('\n') ?? [];

    private static uint[] Numbers(string[] lines, string label) =>
    [
        .. (lines.FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal))?[label.Length..] ?? "")
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(text => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) ? id : uint.MaxValue),
    ];

    private static string? Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // closed meanwhile
        }
    }

    private static List<string> Listed(Machine machine, string directory)
    {
        try
        {
            return [.. machine.Entries(machine.Root + directory)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
