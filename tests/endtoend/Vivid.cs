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

    /// <summary>Loads it anew with one capture node that has one input of a kind.</summary>
    public static async Task<string> LoadAsync(VividInput input)
    {
        await UnloadAsync();
        (await Command.RunAsync("modprobe", "vivid", "n_devs=1", "node_types=0x1", "multiplanar=1", "num_inputs=1", $"input_types={(int)input}")).MustSucceed();
        await Eventually.TrueAsync(() => Nodes().Count == 1, "the node is there", 60);
        (await Command.RunAsync("udevadm", "settle")).MustSucceed();
        return Nodes()[0];
    }

    /// <summary>Unplugs it: every node of it goes, for all of them belong to one device. Returns when the last one was seen gone.</summary>
    public static Task<DateTimeOffset> UnbindAsync() => TurnAsync("unbind", () => Nodes().Count == 0);

    /// <summary>Plugs it again; returns when the first node was seen.</summary>
    public static Task<DateTimeOffset> BindAsync() => TurnAsync("bind", () => Nodes().Count > 0);

    /// <summary>Sets a control, by v4l2-ctl's name of it; a button is pressed.</summary>
    public static async Task SetAsync(string node, string control, int value = 1) =>
        (await Command.RunAsync("v4l2-ctl", "-d", node, "-c", $"{control}={value}")).MustSucceed();

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

    private static async Task<DateTimeOffset> TurnAsync(string how, Func<bool> until)
    {
        await File.WriteAllTextAsync($"/sys/bus/platform/drivers/vivid/{how}", "vivid.0");
        await Eventually.TrueAsync(until, $"vivid: {how}");
        return TimeProvider.System.GetUtcNow();
    }

    private static string List(int count, Func<int, string> value) => string.Join(',', Enumerable.Range(0, count).Select(value));
}

/// <summary>The kinds of input that vivid has, by its numbers.</summary>
internal enum VividInput
{
    /// <summary>A camera of discrete sizes.</summary>
    Webcam = 0,

    /// <summary>HDMI: DV timings, and a signal that may be missing.</summary>
    Hdmi = 3,
}
