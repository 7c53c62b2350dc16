using ThatDam.Contract;

namespace ThatDam.Agent.Devices;

/// <summary>Finds the device that a user named. Pure.</summary>
internal static class DeviceNames
{
    /// <summary>
    /// The device with this node (<c>/dev/video0</c>, <c>video0</c>, <c>virtual:0</c>, <c>virtual0</c>) or stable id; failing that, the
    /// only one whose name holds the text in any case. A camera's metadata node bears the camera's name, so where only part of a name is
    /// given, a capture device goes before one that is not.
    /// </summary>
    /// <exception cref="ProblemException"><c>device_not_found</c>, <c>device_ambiguous</c>.</exception>
    public static Device Find(IReadOnlyList<Device> devices, string name)
    {
        name = name.Trim();
        var exact = devices.FirstOrDefault(device => device.Node == name)
            ?? devices.FirstOrDefault(device => device.ShortName == name)
            ?? devices.FirstOrDefault(device => device.StableId == name);
        if (exact is not null)
            return exact;

        Device[] named = name.Length == 0 ? [] : [.. devices.Where(device => device.Name.Contains(name, StringComparison.OrdinalIgnoreCase))];
        Device[] cameras = [.. named.Where(device => device.Role == DeviceRole.Capture)];
        if (cameras.Length > 0)
            named = cameras;
        return named switch
        {
            [var only] => only,
            [] => throw NotFound(devices, name),
            _ => throw new ProblemException(409, "device_ambiguous", "Several devices have that name",
                $"'{name}' is part of the name of {named.Length} devices: {Listed(named)}.", "Name one by its path or its stable id."),
        };
    }

    private static ProblemException NotFound(IReadOnlyList<Device> devices, string name)
    {
        Device[] cameras = [.. devices.Where(device => device.Role == DeviceRole.Capture)];
        return cameras.Length == 0
            ? new ProblemException(404, "device_not_found", "No such device", $"There is no device '{name}', nor any other capture device.",
                "Connect a camera, or set [VirtualCameras] Count=1 to try without one.")
            : new ProblemException(404, "device_not_found", "No such device", $"There is no device '{name}'. There is: {Listed(cameras)}.",
                "Name one by its path, its stable id or a part of its name that no other has.");
    }

    private static string Listed(Device[] devices)
    {
        const int most = 8;
        var shown = string.Join(", ", devices.Take(most).Select(device => $"{device.Node} ({device.Name}, {device.StableId})"));
        return devices.Length <= most ? shown : $"{shown} and {devices.Length - most} more";
    }
}
