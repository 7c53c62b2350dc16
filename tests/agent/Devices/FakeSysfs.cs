using System.Globalization;

namespace ThatDam.Agent.Tests.Devices;

/// <summary>A small fake of /sys and /dev: folders, attributes and links as the kernel lays them, with invented devices.</summary>
internal sealed class FakeSysfs : IDisposable
{
    private const string XHci = "devices/pci0000:00/0000:00:14.0";
    private readonly TemporaryDirectory _top = new();

    public string Sysfs => _top["sys"];

    public string Dev => _top["dev"];

    /// <summary>A USB camera: one interface with as many nodes as names are given, the first for pictures, the second for metadata.</summary>
    public void AddUsbCamera(string ports, string? serial, IReadOnlyList<string> nodes, bool microphone = false, int bus = 1, bool superSpeed = false, int number = 2, string label = "HD Webcam")
    {
        var hub = $"{XHci}/usb{bus}";
        var device = $"{hub}/{bus}-{ports}";
        Folder(XHci, "pci");
        Folder(hub, "usb");
        Attribute(hub, "version", superSpeed ? " 3.00" : " 2.00");
        Folder(device, "usb");
        Attribute(device, "idVendor", "046d");
        Attribute(device, "idProduct", "0825");
        Attribute(device, "devnum", number.ToString(CultureInfo.InvariantCulture));
        Attribute(device, "busnum", bus.ToString(CultureInfo.InvariantCulture));
        if (serial is not null)
            Attribute(device, "serial", serial);
        var pictures = $"{device}/{bus}-{ports}:1.0";
        Folder(pictures, "usb");
        Attribute(pictures, "bInterfaceNumber", "00");
        Attribute(pictures, "bInterfaceClass", "0e");
        Link($"{pictures}/driver", "bus/usb/drivers/uvcvideo");
        if (microphone)
        {
            Folder($"{device}/{bus}-{ports}:1.2", "usb");
            Attribute($"{device}/{bus}-{ports}:1.2", "bInterfaceClass", "01");
        }
        for (var index = 0; index < nodes.Count; index++)
            Node($"{pictures}/video4linux/{nodes[index]}", nodes[index], label, index, pictures);
    }

    /// <summary>A driver's instances that share one platform device, as vivid's do.</summary>
    public void AddVivid(params string[] nodes)
    {
        const string parent = "devices/platform/vivid.0";
        Folder(parent, "platform");
        Link($"{parent}/driver", "bus/platform/drivers/vivid");
        for (var i = 0; i < nodes.Length; i++)
            Node($"{parent}/video4linux/{nodes[i]}", nodes[i], $"vivid-{i:000}-vid-cap", 0, parent);
    }

    public void AddLoopback(string node, string label)
    {
        Node($"devices/virtual/video4linux/{node}", node, label, 0, null);
        Attribute($"devices/virtual/video4linux/{node}", "max_openers", "10");
    }

    public void AddSubDevice(string name) => Node($"devices/platform/isp/video4linux/{name}", name, "isp", 0, null);

    /// <summary>The nodes are gone; what lies behind them stays, as nobody can find it.</summary>
    public void Unplug(params IReadOnlyList<string> nodes)
    {
        foreach (var node in nodes)
        {
            File.Delete(Path.Combine(Sysfs, "class/video4linux", node));
            File.Delete(Path.Combine(Dev, node));
        }
    }

    /// <summary>An attribute of bytes that need not be text.</summary>
    public void SetUsbAttribute(string ports, string name, ReadOnlySpan<byte> bytes, int bus = 1) =>
        File.WriteAllBytes(Path.Combine(Sysfs, $"{XHci}/usb{bus}/{bus}-{ports}", name), bytes);

    /// <summary>A node's label, of bytes that need not be text.</summary>
    public void SetLabel(string node, ReadOnlySpan<byte> bytes) => File.WriteAllBytes(Path.Combine(Sysfs, "class/video4linux", node, "name"), bytes);

    /// <summary>Which number the kernel gave a node.</summary>
    public void SetDeviceNumber(string node, string number) => File.WriteAllText(Path.Combine(Sysfs, "class/video4linux", node, "dev"), number + "\n");

    private void Node(string path, string node, string label, int index, string? parent)
    {
        Folder(path, "video4linux");
        Attribute(path, "name", label);
        Attribute(path, "index", index.ToString(CultureInfo.InvariantCulture));
        if (parent is not null)
            Link($"{path}/device", parent);
        Link($"class/video4linux/{node}", path);
        _top.Write($"dev/{node}", "");
    }

    private void Folder(string path, string subsystem)
    {
        Directory.CreateDirectory(Path.Combine(Sysfs, path));
        Link($"{path}/subsystem", $"class/{subsystem}");
    }

    private void Attribute(string folder, string name, string text) => _top.Write($"sys/{folder}/{name}", text + "\n");

    private void Link(string path, string target)
    {
        var link = Path.Combine(Sysfs, path);
        if (Path.Exists(link) || new FileInfo(link).LinkTarget is not null)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, Path.Combine(Sysfs, target)));
    }

    public void Dispose() => _top.Dispose();
}
