namespace ThatDam.Agent.Recording;

/// <summary>Whether it is the daemon's unit that keeps it from a directory (systemd.exec(5), ProtectSystem=, ProtectHome=), and what to do then.</summary>
internal static class UnitSandbox
{
    private static readonly string[] Homes = ["/home", "/root", "/run/user"];

    /// <summary>What opens a place for the daemon.</summary>
    public static string Remedy(string path) =>
        $"sudo systemctl edit thatdam-capture, and write: [Service] in one line, {(IsHome(path) ? "ProtectHome=no in the next, " : "")}ReadWritePaths={path} in the next; "
        + "an example lies in /usr/share/doc/thatdam-capture/examples/output-elsewhere.conf. Then restart the daemon.";

    /// <summary>Whether the unit hides a directory that may well be there.</summary>
    public static bool Hides(string path) => IsUnit && IsHome(path);

    /// <summary>Whether a directory is on a mount that is read-only here, of a file system that is not.</summary>
    public static bool MakesReadOnly(string path)
    {
        try
        {
            return IsReadOnlyMount(path, File.ReadLines("/proc/self/mountinfo"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The same, by the lines of /proc/self/mountinfo (proc_pid_mountinfo(5)).</summary>
    internal static bool IsReadOnlyMount(string path, IEnumerable<string> mounts)
    {
        var (longest, isOfMount) = (-1, false);
        foreach (var fields in mounts.Select(line => line.Split(' ')))
        {
            var separator = Array.IndexOf(fields, "-");
            if (separator < 6 || separator + 3 >= fields.Length)
                continue;
            // Of two mounts on one place the later is the one that is seen.
            var place = Unescaped(fields[4]);
            if (place.Length >= longest && IsBeneath(path, place))
                (longest, isOfMount) = (place.Length, HasReadOnly(fields[5]) && !HasReadOnly(fields[separator + 3]));
        }
        return isOfMount;
    }

    private static bool IsUnit => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("INVOCATION_ID"));

    private static bool IsHome(string path) => Homes.Any(home => IsBeneath(path, home));

    private static bool IsBeneath(string path, string place) => place == "/" || path == place || path.StartsWith(place + "/", StringComparison.Ordinal);

    private static bool HasReadOnly(string options) => options.Split(',').Contains("ro");

    // Blanks, tabs, line ends and backslashes are written in octal.
    private static string Unescaped(string text) =>
        text.Replace(@"\040", " ", StringComparison.Ordinal).Replace(@"\011", "\t", StringComparison.Ordinal).Replace(@"\012", "\n", StringComparison.Ordinal).Replace(@"\134", @"\", StringComparison.Ordinal);
}
