using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Contract;

namespace ThatDam.Agent.Capture;

/// <summary>The contract's word of a device: what it is, from the catalog, and what it does, from its session.</summary>
internal static class DeviceSummaries
{
    /// <summary>Those that can capture, or all.</summary>
    public static DeviceList List(DeviceCatalog devices, SessionRegistry sessions, bool all) =>
        new([.. devices.All.Where(device => all || device.Role == DeviceRole.Capture).Select(device => Of(device, sessions))]);

    /// <summary>One.</summary>
    public static DeviceSummary Of(Device device, SessionRegistry sessions)
    {
        var state = sessions.States.Of(device.StableId);
        return new DeviceSummary
        {
            Id = device.Node,
            Kind = device.Kind == DeviceKind.Virtual ? "virtual" : "v4l2",
            Path = device.Node,
            Name = device.Name,
            Capabilities = Capabilities(device),
            Status = device.Online ? "online" : "offline",
            LastSeen = device.LastSeen,
            StableId = device.StableId,
            Driver = device.Driver,
            Bus = device.Bus,
            Serial = device.Serial,
            State = state == CameraState.Closed && device.Problem is not null ? "unavailable" : CameraStates.Word(state),
            Role = device.Role.ToString().ToLowerInvariant(),
            Modes = device.Modes,
            DefaultMode = ModeChoice.Default(device) is { } mode ? new DefaultMode(mode.Format, mode.Width, mode.Height, Math.Round(mode.Fps, 3)) : null,
            Inputs = device.Inputs,
            Streaming = sessions.ModeOf(device.StableId),
            Multiplanar = device.Multiplanar,
            Alias = device.Alias,
            IdentifiedBy = device.IdentifiedBy,
            Matched = device.Matched,
            Signal = device.Inputs.FirstOrDefault(input => input.Current)?.Signal,
            Problem = device.Problem,
        };
    }

    private static DeviceCapabilities Capabilities(Device device) => new()
    {
        Resolutions =
        [
            .. device.Modes.SelectMany(Sizes).Distinct().OrderByDescending(size => (long)size.Width * size.Height).ThenByDescending(size => size.Width)
                .Select(size => string.Create(CultureInfo.InvariantCulture, $"{size.Width}x{size.Height}")),
        ],
        Fps = [.. device.Modes.SelectMany(mode => mode.Rates).Distinct().Order()],
        Formats = [.. device.Modes.Select(mode => mode.Format == "MJPG" ? "MJPEG" : mode.Format).Distinct()],
        Audio = device.Audio,
    };

    // Of a range, its ends.
    private static IEnumerable<(int Width, int Height)> Sizes(DeviceMode mode) =>
        mode.Range is { } range ? [(mode.Width, mode.Height), (range.MaxWidth, range.MaxHeight)] : [(mode.Width, mode.Height)];
}
