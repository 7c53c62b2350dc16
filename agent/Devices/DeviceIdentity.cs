using System.Globalization;

namespace ThatDam.Agent.Devices;

/// <summary>
/// The ids a device may bear, the best first: its USB serial number, then its place as udev's ID_PATH names it, then its place told apart
/// from what else is there. All of <c>[A-Za-z0-9._:-]</c>. Pure. Source: udev's path_id builtin.
/// </summary>
/// <param name="Candidates">At least one.</param>
internal sealed record DeviceIdentity(IReadOnlyList<string> Candidates)
{
    /// <summary>What tells the device from all others, over reboots too, under which its id is kept.</summary>
    public string Key => string.Join('@', Candidates);

    /// <summary>The ids of a node. Needs no permission to open it, so a device is the same whether it can be opened or not.</summary>
    public static DeviceIdentity Of(SysfsNode node)
    {
        // The first node of a device is the device; a second one, such as a camera's metadata, says so.
        var suffix = node.Index == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"-index{node.Index}");
        var label = Safe(node.Label ?? "");
        var candidates = new List<string>();
        if (node.Usb is { Serial: { } serial } usb && Safe(serial) is var mapped && mapped.Any(char.IsAsciiLetterOrDigit))
            candidates.Add($"{Safe(usb.VendorProduct)}-{mapped}-{Safe(usb.Interface)}{suffix}");
        if (PlaceOf(node, usbVersion: false) is { } place)
        {
            candidates.Add(place + suffix);
            if (node.Usb is { SuperSpeed: true } && PlaceOf(node, usbVersion: true) is { } exact)
                candidates.Add(exact + suffix);
            // Instances of a driver may share one parent, as vivid's do; their labels differ.
            if (node.Usb is null && label.Length > 0)
                candidates.Add($"{place}-{label}{suffix}");
        }
        else
        {
            var maker = Safe(node.Driver ?? "virtual");
            if (label.Length > 0)
                candidates.Add($"{maker}-{label}");
            candidates.Add($"{maker}-{node.Name}");
        }
        return new DeviceIdentity(candidates);
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
