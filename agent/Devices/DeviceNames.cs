using ThatDam.Contract;

namespace ThatDam.Agent.Devices;

/// <summary>Finds the device that a user named. Pure.</summary>
internal static class DeviceNames
{
    /// <summary>
    /// The device with this node (<c>/dev/video0</c>, <c>video0</c>, <c>virtual:0</c>, <c>virtual0</c>), stable id or alias; failing that,
    /// the only one whose name holds the text in any case. At each of these one that is there goes before those that were; of those that
    /// had one node in turn, the last one is meant. A camera's metadata node bears the camera's name, so where only part of a name is
    /// given, a capture device goes before one that is not.
    /// </summary>
    /// <param name="devices">Those that are there, and those that were.</param>
    /// <param name="name">What the user wrote.</param>
    /// <param name="rules">The rules of the configuration: a camera that it names, but that was never seen, is told as that.</param>
    /// <exception cref="ProblemException"><c>device_not_found</c>, <c>device_ambiguous</c>.</exception>
    public static Device Find(IReadOnlyList<Device> devices, string name, IReadOnlyList<CameraRule>? rules = null)
    {
        name = name.Trim();
        if ((Latest(devices, device => device.Node == name)
            ?? Latest(devices, device => device.ShortName == name)
            ?? Latest(devices, device => device.StableId == name)) is { } exact)
            return exact;

        var bearers = Here(devices.Where(device => device.Alias == name));
        if (bearers.Length > 0)
        {
            return bearers is [var bearer] ? bearer : throw new ProblemException(409, "device_ambiguous", "Several cameras have that alias",
                $"[Camera:{name}] fits {bearers.Length} cameras: {Listed(bearers)}.",
                "Name one by its path or its stable id, or make Match= of that section fit one alone: by port: or id:.");
        }

        var named = name.Length == 0 ? [] : Here(devices.Where(device => device.Name.Contains(name, StringComparison.OrdinalIgnoreCase)));
        Device[] cameras = [.. named.Where(device => device.Role == DeviceRole.Capture)];
        if (cameras.Length > 0)
            named = cameras;
        return named switch
        {
            [var only] => only,
            [] => throw NotFound(devices, name, rules?.FirstOrDefault(rule => rule.Name == name)),
            _ => throw new ProblemException(409, "device_ambiguous", "Several devices have that name",
                $"'{name}' is part of the name of {named.Length} devices: {Listed(named)}.", "Name one by its path, its stable id or its alias."),
        };
    }

    // Of nodes and ids only one device at a time has one.
    private static Device? Latest(IReadOnlyList<Device> devices, Func<Device, bool> chosen) =>
        devices.Where(chosen).OrderByDescending(device => device.Online).ThenByDescending(device => device.LastSeen).FirstOrDefault();

    private static Device[] Here(IEnumerable<Device> chosen)
    {
        Device[] all = [.. chosen];
        Device[] here = [.. all.Where(device => device.Online)];
        return here.Length > 0 ? here : all;
    }

    private static ProblemException NotFound(IReadOnlyList<Device> devices, string name, CameraRule? rule)
    {
        var thing = rule?.Match is { } match
            ? $"No camera that is here, or was, is [Camera:{name}] (Match={CameraRules.Written(match)})"
            : $"There is no device '{name}'";
        Device[] cameras = [.. devices.Where(device => device.Role == DeviceRole.Capture).OrderByDescending(device => device.Online)];
        return cameras.Length == 0
            ? new ProblemException(404, "device_not_found", "No such device", $"{thing}, nor is there any other capture device.",
                "Connect a camera, or set [VirtualCameras] Count=1 to try without one.")
            : new ProblemException(404, "device_not_found", "No such device", $"{thing}. There is: {Listed(cameras)}.",
                "Name one by its path, its stable id, its alias or a part of its name that no other has.");
    }

    private static string Listed(Device[] devices)
    {
        const int most = 8;
        var shown = string.Join(", ", devices.Take(most).Select(One));
        return devices.Length <= most ? shown : $"{shown} and {devices.Length - most} more";
    }

    private static string One(Device device) =>
        $"{device.Node} ({(device.Alias is { } alias ? $"{alias}, " : "")}{device.Name}, {device.StableId}{(device.Online ? "" : ", offline")})";
}
