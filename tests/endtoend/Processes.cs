using System.Globalization;
using System.Runtime.InteropServices;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A process as /proc shows it. Its start time tells it from a later one with the same id.</summary>
internal sealed record Seen(int Id, int Parent, char State, ulong Started, string Name)
{
    /// <summary>Its arguments.</summary>
    public string[] Arguments()
    {
        try
        {
            return File.ReadAllText($"/proc/{Id}/cmdline").TrimEnd('\0').Split('\0');
        }
        catch (IOException)
        {
            return [];
        }
    }
}

/// <summary>Looks at processes, and signals them.</summary>
internal static partial class Processes
{
    /// <summary>Signal numbers as Linux has them.</summary>
    public const int SIGINT = 2, SIGKILL = 9, SIGTERM = 15, SIGCONT = 18, SIGSTOP = 19;

    /// <summary>Every process there is.</summary>
    public static List<Seen> All()
    {
        var all = new List<Seen>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Look(id) is { } seen)
                all.Add(seen);
        return all;
    }

    /// <summary>One process; null when it is gone.</summary>
    public static Seen? Look(int id)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{id}/stat");
        }
        catch (IOException)
        {
            return null;
        }

        // The name stands in parentheses and may hold any character.
        var end = stat.LastIndexOf(')');
        var fields = stat[(end + 2)..].Split(' ');
        return new Seen(id, int.Parse(fields[1], CultureInfo.InvariantCulture), fields[0][0],
            ulong.Parse(fields[19], CultureInfo.InvariantCulture), stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end]);
    }

    /// <summary>The children of a process, ended ones that nobody has reaped included.</summary>
    public static List<Seen> Children(int id) => All().FindAll(p => p.Parent == id);

    /// <summary>Whether this very process is still there.</summary>
    public static bool Lives(Seen process) => Look(process.Id) is { } now && now.Started == process.Started;

    /// <summary>Sends a signal; false when the process is gone.</summary>
    public static bool Signal(int id, int signal) => Kill(id, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    /// <summary>Whether these tests run as root.</summary>
    public static bool AsRoot => EffectiveUser() == 0;
}
