using System.Globalization;
using System.Text;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Devices;

/// <summary>What sysfs says of one video node, read without opening it.</summary>
internal sealed record SysfsNode
{
    /// <summary>The kernel's name for it, such as <c>video0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The driver's name for it (the attribute <c>name</c>); null when it has none.</summary>
    public string? Label { get; init; }

    /// <summary>The driver that is bound to its parent, or v4l2loopback, whose nodes have no parent; null when it cannot be told.</summary>
    public string? Driver { get; init; }

    /// <summary>Which of its parent's nodes it is, from 0 (the attribute <c>index</c>).</summary>
    public int Index { get; init; }

    /// <summary>The devices above it, nearest first. Empty for one that hangs on nothing, such as v4l2loopback's.</summary>
    public IReadOnlyList<SysfsParent> Parents { get; init; } = [];

    /// <summary>The USB device it is a part of; null when it is none.</summary>
    public UsbIdentity? Usb { get; init; }

    /// <summary>The number of its device, such as <c>81:0</c>, by which udev knows it; null when it cannot be told.</summary>
    public string? DeviceNumber { get; init; }

    /// <summary>
    /// The nodes that sysfs lists under <c>class/video4linux</c>, by kind and number. Sub-devices of a media pipeline are no video nodes and
    /// left out.
    /// </summary>
    public static IReadOnlyList<SysfsNode> ReadAll(string sysfs)
    {
        var folder = new DirectoryInfo(Path.Combine(sysfs, "class/video4linux"));
        if (!folder.Exists)
            return [];
        return [.. InOrder(Entries(folder), entry => entry.Name).Select(entry => Read(sysfs, entry))];
    }

    /// <summary>
    /// A mark for each of those nodes, by name: another one when another device bears the name. Its place, the number of its file, and for a
    /// USB device the number that each plugging in gives anew. Opens nothing in /dev.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Marks(string sysfs)
    {
        var folder = new DirectoryInfo(Path.Combine(sysfs, "class/video4linux"));
        return folder.Exists ? Entries(folder).ToDictionary(entry => entry.Name, entry => Mark(folder.FullName, entry)) : new Dictionary<string, string>();
    }

    /// <summary>One node; null when it has gone meanwhile.</summary>
    public static SysfsNode? Read(string sysfs, string name)
    {
        var entry = new FileInfo(Path.Combine(sysfs, "class/video4linux", name));
        return entry.LinkTarget is null && !entry.Exists ? null : Read(sysfs, entry);
    }

    /// <summary>The order of the list: cameras before what is none, each by number.</summary>
    public static IEnumerable<T> InOrder<T>(IEnumerable<T> some, Func<T, string> name) => some
        .OrderBy(one => name(one).TrimEnd([.. "0123456789"]) is var kind && kind == "video" ? "" : kind, StringComparer.Ordinal)
        .ThenBy(one => Number(name(one)));

    private static string Mark(string folder, FileSystemInfo entry)
    {
        var place = entry.LinkTarget ?? "";
        // …/usb1/1-2/1-2:1.0/video4linux/video0: the interface's folder lies in its device's.
        var colon = place.Contains("/usb", StringComparison.Ordinal) ? place.LastIndexOf(':') : -1;
        var device = colon < 0 ? -1 : place.LastIndexOf('/', colon);
        return string.Create(CultureInfo.InvariantCulture,
            $"{place} {FileNumber.Of(entry.FullName)} {(device < 0 ? null : Attribute(Path.Combine(folder, place[..device]), "devnum"))}");
    }

    private static IEnumerable<FileSystemInfo> Entries(DirectoryInfo folder) =>
        folder.EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith("v4l-subdev", StringComparison.Ordinal));

    /// <summary>The number at the end of a node's name.</summary>
    internal static int Number(string name) =>
        int.TryParse(name.AsSpan(name.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static SysfsNode Read(string sysfs, FileSystemInfo entry)
    {
        var path = Resolved(entry.FullName);
        var parents = ParentsOf(sysfs, path);
        return new SysfsNode
        {
            Name = entry.Name,
            Label = Attribute(path, "name"),
            // No other driver's nodes have the attribute max_openers.
            Driver = LinkName(Path.Combine(path, "device/driver")) ?? (File.Exists(Path.Combine(path, "max_openers")) ? "v4l2loopback" : null),
            Index = int.TryParse(Attribute(path, "index"), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0,
            Parents = parents,
            Usb = UsbIdentity.Read(parents),
            DeviceNumber = Attribute(path, "dev"),
        };
    }

    private static List<SysfsParent> ParentsOf(string sysfs, string path)
    {
        var top = Path.Combine(Path.GetFullPath(sysfs), "devices");
        var parents = new List<SysfsParent>();
        for (var folder = Path.GetDirectoryName(path); folder is not null && folder.Length > top.Length; folder = Path.GetDirectoryName(folder))
        {
            if (LinkName(Path.Combine(folder, "subsystem")) is { } subsystem)
                parents.Add(new SysfsParent(Path.GetFileName(folder), subsystem, folder));
        }
        return parents;
    }

    private static string Resolved(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return path; // unplugged between listing and looking
        }
    }

    private static string? LinkName(string path) => new FileInfo(path).LinkTarget is { } target ? Path.GetFileName(target) : null;

    /// <summary>One attribute of a sysfs folder, without its newline; null when it is missing, empty or unreadable.</summary>
    internal static string? Attribute(string folder, string name)
    {
        try
        {
            // Of a device's own words any byte may come, those of a byte order mark too.
            using var file = File.OpenHandle(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> bytes = stackalloc byte[4096]; // a page: sysfs gives no more
            var text = Encoding.UTF8.GetString(bytes[..RandomAccess.Read(file, bytes, 0)]).TrimEnd('\n');
            return text.Length == 0 ? null : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // missing, or its device has gone
        }
    }
}

/// <summary>One device above a video node.</summary>
/// <param name="Name">Its kernel name, such as <c>1-1.2:1.0</c> or <c>0000:00:14.0</c>.</param>
/// <param name="Subsystem">What it belongs to, such as <c>usb</c> or <c>pci</c>.</param>
/// <param name="Folder">Where it lies in sysfs.</param>
internal sealed record SysfsParent(string Name, string Subsystem, string Folder);

/// <summary>What a USB device says of itself, and which of its interfaces a node belongs to.</summary>
/// <param name="VendorProduct"><c>vid:pid</c>, four hexadecimal digits each.</param>
/// <param name="Serial">Its serial number as it came; null when it has none.</param>
/// <param name="Interface">bInterfaceNumber, two hexadecimal digits.</param>
/// <param name="SuperSpeed">It hangs on the USB 3 half of its host controller, whose ports are numbered apart from the other half's.</param>
/// <param name="Audio">It has an audio interface, so a microphone of its own.</param>
/// <param name="Bus">Its root hub, such as <c>usb1</c>.</param>
/// <param name="Node">Its own node, such as <c>/dev/bus/usb/001/004</c>; null when its numbers cannot be read.</param>
internal sealed record UsbIdentity(string VendorProduct, string? Serial, string Interface, bool SuperSpeed, bool Audio, string? Bus, string? Node)
{
    private const string AudioClass = "01";

    internal static UsbIdentity? Read(IReadOnlyList<SysfsParent> parents)
    {
        // An interface is named after its device: 1-1.2:1.0 of 1-1.2.
        var part = parents.FirstOrDefault(parent => parent.Subsystem == "usb" && parent.Name.Contains(':', StringComparison.Ordinal));
        var device = parents.FirstOrDefault(parent => parent.Subsystem == "usb" && !parent.Name.Contains(':', StringComparison.Ordinal));
        if (part is null || device is null)
            return null;
        var hub = parents.LastOrDefault(parent => parent.Subsystem == "usb");
        var audio = Directory.Exists(device.Folder) && new DirectoryInfo(device.Folder).EnumerateDirectories($"{device.Name}:*")
            .Any(sibling => SysfsNode.Attribute(sibling.FullName, "bInterfaceClass") == AudioClass);
        return new UsbIdentity(
            $"{SysfsNode.Attribute(device.Folder, "idVendor") ?? "0000"}:{SysfsNode.Attribute(device.Folder, "idProduct") ?? "0000"}",
            SysfsNode.Attribute(device.Folder, "serial"),
            SysfsNode.Attribute(part.Folder, "bInterfaceNumber") ?? "00",
            hub is not null && SysfsNode.Attribute(hub.Folder, "version")?.Trim().StartsWith('3') == true,
            audio,
            hub?.Name,
            Count(device.Folder, "busnum") is { } bus && Count(device.Folder, "devnum") is { } number
                ? string.Create(CultureInfo.InvariantCulture, $"/dev/bus/usb/{bus:000}/{number:000}") : null);
    }

    private static int? Count(string folder, string name) =>
        int.TryParse(SysfsNode.Attribute(folder, name), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
