using ThatDam.Contract;

namespace ThatDam.Agent.Devices;

/// <summary>The modes of a built-in virtual camera: every size at every rate.</summary>
public static class VirtualCameraModes
{
    /// <summary>Its only format, a fourcc.</summary>
    public const string Format = "YUYV";

    /// <summary>Pixels.</summary>
    public static IReadOnlyList<(int Width, int Height)> Sizes { get; } = [(640, 360), (1280, 720), (1920, 1080)];

    /// <summary>Frames per second, falling.</summary>
    public static IReadOnlyList<double> Rates { get; } = [60, 30, 15];

    /// <summary>The same as a device tells them.</summary>
    public static IReadOnlyList<DeviceMode> All { get; } =
        [.. Sizes.Select(size => new DeviceMode { Format = Format, Width = size.Width, Height = size.Height, Rates = Rates })];
}
