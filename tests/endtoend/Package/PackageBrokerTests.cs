using ThatDam.Contract;
using static ThatDam.EndToEnd.Tests.Package.InstalledPackage;

namespace ThatDam.EndToEnd.Tests.Package;

/// <summary>The unit and a real broker: its password by systemd's credential, and TLS.</summary>
[Trait("bed", "guest")]
[Trait("boot", "systemd")]
[Collection<PackageBed>]
public sealed class PackageBrokerTests : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await ResetAsync();

    public async ValueTask DisposeAsync() => await ResetAsync();

    [Fact]
    public async Task Events_reach_it_with_the_units_password_and_over_tls()
    {
        await using var broker = await Broker.StartAsync();
        await using var tap = await EventTap.StartAsync(broker, "events");
        await ConfigureAsync($"[Broker]\nUrl={broker.Url}\n");
        await Eventually.TrueAsync(async () => (await EventsAsync()).Problem is not null, "without the password it is refused", 60);
        Assert.False((await EventsAsync()).Connected);

        await File.WriteAllTextAsync("/etc/thatdam/broker-password", "guest\n");
        File.SetUnixFileMode("/etc/thatdam/broker-password", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ConfigureAsync($"[Broker]\nUrl={broker.Url}\n");
        await Eventually.TrueAsync(async () => (await EventsAsync()).Connected, "it is connected", 60);
        var recording = await StartAsync("/dev/video0", "--duration", "1");
        var stopped = (await tap.WaitAsync(
            all => all.Any(told => told.Topic == "capture.recording_stopped" && told.Text("recording_id") == recording.Id), "its end is told", 120))
            .First(told => told.Topic == "capture.recording_stopped" && told.Text("recording_id") == recording.Id);
        Assert.Equal(("duration", recording.File, recording.StableId), (stopped.Text("reason"), stopped.Text("file"), stopped.Text("stable_id")));
        Assert.Contains((await tap.WaitAsync("capture.alive", seconds: 60))[0].Json.GetProperty("devices").EnumerateArray(), device => device.GetProperty("id").GetString() == "/dev/video0");

        foreach (var (from, to) in new[] { (broker.Certificates.Ca, "ca.pem"), (broker.Certificates.Client, "client.pem"), (broker.Certificates.ClientKey, "client.key") })
            (await Command.RunAsync("install", "-o", "thatdam", "-g", "thatdam", "-m", "0600", from, $"/etc/thatdam/{to}")).MustSucceed();
        await ConfigureAsync($"[Broker]\nUrl={broker.TlsUrl.Replace("amqps://", "amqps://guest@", StringComparison.Ordinal)}\nCaFile=/etc/thatdam/ca.pem\nCertificateFile=/etc/thatdam/client.pem\nKeyFile=/etc/thatdam/client.key\n");
        await Eventually.TrueAsync(async () => (await EventsAsync()).Connected, "it is connected over TLS", 60);
    }

    private static Task<EventsStatus> EventsAsync() => JsonAsync(ContractJson.Default.EventsStatus, "events", "status");
}
