using System.Globalization;

namespace ThatDam.EndToEnd.Tests;

/// <summary>The kernel's virtual video driver. Only root in the test bed can load it.</summary>
internal static class Vivid
{
    /// <summary>Loads it anew with so many capture nodes; those that are named are multi-planar.</summary>
    public static async Task LoadAsync(int nodes, params int[] multiplanar)
    {
        await UnloadAsync();
        (await Command.RunAsync("modprobe", "vivid", $"n_devs={nodes}", "node_types=" + List(nodes, _ => "0x1"),
            "multiplanar=" + List(nodes, node => multiplanar.Contains(node) ? "2" : "1"))).MustSucceed();
        await Eventually.TrueAsync(() => Nodes().Count == nodes, $"{nodes} nodes are there", 60);
        (await Command.RunAsync("udevadm", "settle")).MustSucceed();
    }

    /// <summary>Unloads it, once nobody holds a node any more.</summary>
    public static async Task UnloadAsync()
    {
        if (Directory.Exists("/sys/module/vivid"))
            await Eventually.TrueAsync(async () => (await Command.RunAsync("rmmod", "vivid")).ExitCode == 0, "vivid is unloaded");
    }

    /// <summary>Its nodes, in order.</summary>
    public static List<string> Nodes() =>
        [.. Directory.GetDirectories("/sys/class/video4linux", "video*")
            .Where(node => File.ReadAllText(Path.Combine(node, "name")).StartsWith("vivid", StringComparison.Ordinal))
            .Select(node => Path.GetFileName(node)!)
            .OrderBy(name => int.Parse(name["video".Length..], CultureInfo.InvariantCulture))
            .Select(name => "/dev/" + name)];

    private static string List(int count, Func<int, string> value) => string.Join(',', Enumerable.Range(0, count).Select(value));
}
