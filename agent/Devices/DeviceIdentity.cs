using System.Globalization;

namespace ThatDam.Agent.Devices;

/// <summary>
/// The ids a device may bear, the best first: its USB serial number, then its place as udev's ID_PATH names it, then its place told apart
/// from what else is there. All of <c>[A-Za-z0-9._:-]</c>. Pure. Source: udev's path_id builtin.
/// </summary>
/// <param name="Candidates">At least one.</param>
/// <param name="Reasons">For each candidate what it rests on, in words.</param>
/// <param name="Port">The place, as udev's ID_PATH names it; null where it has none.</param>
internal sealed record DeviceIdentity(IReadOnlyList<string> Candidates, IReadOnlyList<string> Reasons, string? Port)
{
    /// <summary>What tells the device from all others, over reboots too, under which its id is kept.</summary>
    public string Key => string.Join('@', Candidates);

    /// <summary>What an id of this device rests on, in words, such as <c>its serial number</c>.</summary>
    public string Words(string id)
    {
        for (var level = 0; level < Candidates.Count; level++)
        {
            if (Candidates[level] == id)
                return Reasons[level];
        }
        return $"{Reasons[^1]}, and the order in which it was found, for another one has the same";
    }

    /// <summary>The ids of a node. Needs no permission to open it, so a device is the same whether it can be opened or not.</summary>
    public static DeviceIdentity Of(SysfsNode node)
    {
        // The first node of a device is the device; a second one, such as a camera's metadata, says so.
        var suffix = node.Index == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-index{node.Index}");
        var label = Safe(node.Label ?? "");
        var candidates = new List<string>();
        var reasons = new List<string>();
        void Add(string candidate, string reason)
        {
            candidates.Add(candidate);
            reasons.Add(reason);
        }

        var mapped = node.Usb?.Serial is { } serial ? Safe(serial) : null;
        var isNamed = mapped?.Any(char.IsAsciiLetterOrDigit) == true;
        if (isNamed)
            Add($"{Safe(node.Usb!.VendorProduct)}-{mapped}-{Safe(node.Usb.Interface)}{suffix}", "its serial number");
        var port = PlaceOf(node, usbVersion: false);
        if (port is not null)
        {
            var why = node.Usb is null ? "" : mapped is null ? ", for it has no serial number" : isNamed
                ? ", for another camera has the same serial number" : ", for its serial number has no letter and no digit";
            Add(port + suffix, $"its {(node.Usb is null ? "place" : "port")} ({port}){why}");
            if (node.Usb is { SuperSpeed: true } && PlaceOf(node, usbVersion: true) is { } exact)
                Add(exact + suffix, $"its USB 3 port ({exact}){why}, and another camera is on the USB 2 port of that number");
            // Instances of a driver may share one parent, as vivid's do; their labels differ.
            if (node.Usb is null && label.Length > 0)
                Add($"{port}-{label}{suffix}", $"its place ({port}) and its label, for another device has the same place");
        }
        else
        {
            var maker = Safe(node.Driver ?? "virtual");
            if (label.Length > 0)
                Add($"{maker}-{label}", "its label, for it has no place that stays");
            Add($"{maker}-{node.Name}", label.Length > 0
                ? "its node's name, for another device has the same label" : "its node's name, for it has no place that stays and no label");
        }
        return new DeviceIdentity(candidates, reasons, port);
    }

    /// <summary>Every character outside <c>[A-Za-z0-9._:-]</c> becomes <c>_</c>.</summary>
    internal static string Safe(string text) =>
        string.Concat(text.Trim().Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or ':' or '-' ? letter : '_'));

    /// <summary>
    /// The place as udev's ID_PATH names it: the devices above, outermost first, each bus once; of USB the ports without the bus number,
    /// which changes from boot to boot. Null where no parent has a name that stays.
    /// </summary>
    private static string? PlaceOf(SysfsNode node, bool usbVersion)
    {
        string? place = null;
        var held = false; // a USB port says where only together with its host controller
        for (var i = 0; i < node.Parents.Count; i++)
        {
            var (name, subsystem, _) = node.Parents[i];
            if (subsystem is not ("usb" or "pci" or "platform" or "amba" or "acpi"))
                continue;
            var part = subsystem != "usb" ? $"{subsystem}-{name}" : $"{(usbVersion ? "usbv3" : "usb")}-0:{name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..]}";
            place = place is null ? part : $"{part}-{place}";
            held |= subsystem != "usb";
            while (i + 1 < node.Parents.Count && node.Parents[i + 1].Subsystem == subsystem)
                i++;
        }
        return held ? Safe(place!) : null;
    }
}
