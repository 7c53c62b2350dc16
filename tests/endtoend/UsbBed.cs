namespace ThatDam.EndToEnd.Tests;

/// <summary>Four empty USB ports for cameras, and no other camera: node numbers begin at 0.</summary>
public sealed class UsbPorts : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await Vivid.UnloadAsync();
        await UsbCamera.LoadModulesAsync();
    }

    public ValueTask DisposeAsync() => default;
}

/// <summary>The tests that plug cameras in.</summary>
[CollectionDefinition]
public sealed class UsbBed : ICollectionFixture<UsbPorts>;

/// <summary>What tests of cameras that come and go ask a daemon.</summary>
internal static class DaemonCameras
{
    /// <summary>A daemon with a configuration, and no virtual camera.</summary>
    public static async Task<Daemon> StartAsync(string config)
    {
        var daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0, Config = config });
        daemon.Mark(); // listens to its events from now on
        return daemon;
    }

    /// <summary>Waits until the device at a node is listed and there.</summary>
    public static async Task<DeviceAtNode> OnlineAsync(this Daemon daemon, string node, string? serial = null)
    {
        DeviceAtNode? found = null;
        await Eventually.TrueAsync(async () =>
        {
            var device = (await daemon.DevicesAsync()).FirstOrDefault(d => d.Id == node && d.Status == "online" && (serial is null || d.Serial == serial));
            found = device is null ? null : new DeviceAtNode(device.Id, device.StableId, device.Alias);
            return found is not null;
        }, $"{node} is listed", 20);
        return found!;
    }

    /// <summary>Waits until a recording that runs has taken so many frames more than it has now.</summary>
    public static async Task CapturedAsync(this Daemon daemon, string recording, int frames, double seconds = 30)
    {
        var before = (await daemon.ShowAsync(recording)).Frames.Captured;
        await Eventually.TrueAsync(async () => (await daemon.ShowAsync(recording)).Frames.Captured >= before + frames, $"{frames} more frames of {recording}", seconds);
    }

    /// <summary>One camera of the daemon's status.</summary>
    public static async Task<Contract.CameraStatus> CameraAsync(this Daemon daemon, string stableId) =>
        Assert.Single((await daemon.StatusAsync()).Cameras, camera => camera.StableId == stableId);
}

/// <summary>A device that is there.</summary>
internal sealed record DeviceAtNode(string Node, string StableId, string? Alias);
