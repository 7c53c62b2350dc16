using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>What a daemon says of its events and of the broker.</summary>
internal static class EventsOfDaemon
{
    /// <summary>Starts a daemon with keys of its configuration set, each <c>Section.Key=value</c>.</summary>
    public static Task<Daemon> StartAsync(params string[] keys) => StartAsync(new DaemonSettings(), keys);

    /// <inheritdoc cref="StartAsync(string[])"/>
    public static Task<Daemon> StartAsync(DaemonSettings settings, params string[] keys) =>
        Daemon.StartAsync(settings with { Flags = [.. settings.Flags, .. keys.SelectMany(key => new[] { "--set", key })] });

    /// <summary>GET /v1/events/status.</summary>
    public static async Task<EventsStatus> EventsAsync(this Daemon daemon) =>
        JsonSerializer.Deserialize(await daemon.GetAsync("/v1/events/status"), ContractJson.Default.EventsStatus)!;

    /// <summary>What a path of the API answers.</summary>
    public static async Task<string> GetAsync(this Daemon daemon, string path)
    {
        using var client = Client(daemon);
        return await client.GetStringAsync($"http://localhost{path}");
    }

    /// <summary>A client of its socket, whatever host an address names.</summary>
    public static HttpClient Client(Daemon daemon) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Socket), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    /// <summary>Waits until the daemon's word of its events is as it should be.</summary>
    public static async Task<EventsStatus> EventsAsync(this Daemon daemon, Func<EventsStatus, bool> condition, string what, double seconds = 45)
    {
        EventsStatus? last = null;
        try
        {
            await Eventually.TrueAsync(async () => condition(last = await daemon.EventsAsync()), what, seconds);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            Assert.Fail($"{e.Message}; last: {last}; log:\n{daemon.Log}");
        }
        return last!;
    }

    /// <summary>Waits until it is connected and nothing waits to be sent.</summary>
    public static Task<EventsStatus> AllSentAsync(this Daemon daemon, double seconds = 60) =>
        daemon.EventsAsync(status => status is { Connected: true, Pending: 0, Problem: null }, "connected, and nothing waits", seconds);

    /// <summary>Waits for a problem with the broker that has a word, in the daemon's status and in its log.</summary>
    public static async Task<string> BrokerProblemAsync(this Daemon daemon, string word, double seconds = 45)
    {
        var status = await daemon.EventsAsync(status => status.Problem?.Contains(word, StringComparison.Ordinal) == true, $"the problem is '{word}'", seconds);
        Assert.False(status.Connected);
        await Eventually.TrueAsync(() => daemon.Logged(word).Count > 0, $"'{word}' stands in the log", 5);
        return status.Problem!;
    }

    /// <summary>The lines of its log with a word.</summary>
    public static IReadOnlyList<string> Logged(this Daemon daemon, string word) => [.. daemon.Log.Split('\n').Where(line => line.Contains(word, StringComparison.Ordinal))];

    /// <summary>Makes two events: a recording starts and stops.</summary>
    public static async Task<Recording> MakeEventsAsync(this Daemon daemon)
    {
        var recording = await daemon.RecordAsync("virtual:0", 0.3, "--size", "640x360", "--fps", "30", "--codec", "mjpeg");
        Assert.Equal("stopped", recording.State);
        return recording;
    }

    /// <summary>Runs something ten times a second at most, for a time; returns how long each took, the longest last.</summary>
    public static async Task<IReadOnlyList<TimeSpan>> MeasureAsync(TimeSpan length, Func<Task> work)
    {
        var (watch, all) = (Stopwatch.StartNew(), new List<TimeSpan>());
        while (watch.Elapsed < length)
        {
            var one = Stopwatch.StartNew();
            await work();
            all.Add(one.Elapsed);
            // A pace, so that the measuring does not become the load.
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
        all.Sort();
        return all;
    }
}
