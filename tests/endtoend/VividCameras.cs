namespace ThatDam.EndToEnd.Tests;

/// <summary>Four vivid cameras, the last two multi-planar, and a daemon: to load the one and start the other takes the test bed longer than most tests.</summary>
public sealed class VividCameras : IAsyncLifetime
{
    internal Daemon Daemon { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Vivid.LoadAsync(4, multiplanar: [2, 3]);
        Daemon = await Daemon.StartAsync(new DaemonSettings { VirtualCameras = 0 });
    }

    public ValueTask DisposeAsync() => Daemon?.DisposeAsync() ?? default;
}

/// <summary>The tests that share them.</summary>
[CollectionDefinition]
public sealed class VividBed : ICollectionFixture<VividCameras>;
