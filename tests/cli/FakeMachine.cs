using System.Globalization;

using ThatDam.Cli.Doctor;

namespace ThatDam.Cli.Tests;

/// <summary>A tree of files that looks like a machine: its /dev, its /etc and its /proc.</summary>
internal sealed class FakeMachine
{
    private readonly string _root;
    private readonly HashSet<string> _closed = [];
    private readonly Dictionary<string, byte[]> _lists = [];
    private readonly Dictionary<string, int> _reads = [];

    /// <summary>An empty machine, booted at the moment of the samples.</summary>
    /// <param name="root">An existing directory to put it into.</param>
    public FakeMachine(string root)
    {
        _root = Directory.CreateDirectory(Path.Combine(root, "machine")).FullName;
        uint group = ProcessTable.Ids(new Machine(), Environment.ProcessId)!.Value.Groups.First(); // that of the files made here
        Write("etc/passwd", "root:x:0:0::/root:/bin/sh\nthatdam:x:998:998::/:/bin/false\nann:x:1000:1000::/home/ann:/bin/sh\n");
        Write("etc/group", $"users:x:1000:\nthatdam:x:998:\nvideo:x:{group}:\n");
        Write("proc/stat", $"cpu 1 2 3\nbtime {Samples.Moment.ToUnixTimeSeconds()}\n");
        Write("proc/self/comm", "not a process\n");
    }

    /// <summary>The machine, as the user ann sees it.</summary>
    public Machine Machine => new()
    {
        Root = _root,
        User = "ann",
        Read = path => _reads.TryGetValue(path, out int left) && (_reads[path] = left - 1) < 0 ? throw new FileNotFoundException() : File.ReadAllText(path),
        AccessBytes = path => _lists.GetValueOrDefault(path, []),
        Entries = path => _closed.Contains(path) ? throw new UnauthorizedAccessException() : Directory.EnumerateFileSystemEntries(path),
    };

    /// <summary>A node, of the group video.</summary>
    public FakeMachine Node(string path, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)
    {
        Write(path[1..], "");
        File.SetUnixFileMode(_root + path, mode);
        return this;
    }

    /// <summary>A node of that mode gets an access list, acl(5).</summary>
    /// <param name="path">The node.</param>
    /// <param name="entries">Tag (1 owner, 2 user, 4 owning group, 8 group, 16 mask, 32 others), bits, id.</param>
    public FakeMachine List(string path, params (int Tag, int Bits, uint Id)[] entries)
    {
        IEnumerable<byte> bytes = entries.SelectMany(entry =>
            (byte[])[(byte)entry.Tag, 0, (byte)entry.Bits, 0, (byte)entry.Id, (byte)(entry.Id >> 8), (byte)(entry.Id >> 16), (byte)(entry.Id >> 24)]);
        _lists[_root + path] = [2, 0, 0, 0, .. bytes];
        return this;
    }

    /// <summary>A v4l2loopback device, as sysfs has it.</summary>
    public FakeMachine Loopback(string node)
    {
        Write($"sys/class/video4linux/{Path.GetFileName(node)}/max_openers", "10\n");
        return this;
    }

    /// <summary>A process ends after its status was read so often.</summary>
    public FakeMachine Ends(int pid, int reads)
    {
        _reads[string.Create(CultureInfo.InvariantCulture, $"{_root}/proc/{pid}/status")] = reads;
        return this;
    }

    /// <summary>A process that started a minute after the boot.</summary>
    /// <param name="pid">Its number.</param>
    /// <param name="command">Its name.</param>
    /// <param name="uid">Its user and group.</param>
    /// <param name="open">What it has open.</param>
    /// <param name="mapped">What it has in its memory.</param>
    /// <param name="closed">Whether ann may not look into it.</param>
    /// <param name="flags">PF_… of its task.</param>
    public FakeMachine Process(int pid, string command, int uid, string[] open, string? mapped = null, bool closed = false, long flags = 0x400000)
    {
        string directory = string.Create(CultureInfo.InvariantCulture, $"proc/{pid}");
        Write($"{directory}/comm", command + "\n");
        Write($"{directory}/status", $"Name:\t{command}\nUid:\t{uid}\t{uid}\t{uid}\t{uid}\nGid:\t{uid}\t{uid}\t{uid}\t{uid}\nGroups:\t{uid} \n");
        Write($"{directory}/stat", $"{pid} ({command}) S 1 1 1 0 -1 {flags} 0 0 0 0 0 0 0 0 20 0 1 0 6000 0 0\n");
        Write($"{directory}/maps", $"7f00-7f01 r--p 00000000 08:01 1    /usr/lib/libc.so.6\n{(mapped is null ? "" : $"7f02-7f03 rw-s 00000000 00:05 2    {mapped}\n")}");
        string fds = Directory.CreateDirectory($"{_root}/{directory}/fd").FullName;
        foreach ((int index, string target) in open.Index())
            File.CreateSymbolicLink(string.Create(CultureInfo.InvariantCulture, $"{fds}/{index}"), target);
        if (closed)
            _closed.Add(fds);
        return this;
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
