using System.Globalization;
using System.Text.Json;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A client of another make sees what EVENTS.md promises: amqp-consume, of Debian's amqp-tools.</summary>
[Trait("pace", "waits")]
public sealed class AmqpConsumeTests
{
    [Fact]
    public async Task It_prints_the_events_of_a_recording()
    {
        await using var broker = await Broker.StartAsync();
        await broker.DeclareExchangeAsync("events", "topic");
        // A program of its own, for amqp-consume takes every option for one of its.
        using var folder = new TemporaryFolder();
        var print = Path.Combine(folder.Path, "print");
        await File.WriteAllTextAsync(print, "#!/bin/sh\ncat; echo\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(print, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // Until the recording has stopped there are five: alive, the list, the state, the start, the stop.
        var url = string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{broker.Port}");
        var consuming = Command.RunAsync("amqp-consume", "--url", url, "--exchange", "events", "--routing-key", "capture.#", "--count", "5", print);
        await Eventually.TrueAsync(async () => (await broker.ControlAsync("list_bindings", "routing_key")).Contains("capture.#", StringComparison.Ordinal), "amqp-consume has bound its queue", 60);
        await using var daemon = await EventsOfDaemon.StartAsync($"Broker.Url={broker.Url}");
        var recording = await daemon.MakeEventsAsync();

        var events = (await consuming).MustSucceed().Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(5, events.Count);
        Assert.All(events, e => Assert.Equal("capture-daemon", e.GetProperty("service").GetString()));
        Assert.Contains(events, e => e.TryGetProperty("version", out _) && e.GetProperty("devices")[0].GetProperty("path").GetString() == "virtual:0");
        var started = Assert.Single(events, e => e.TryGetProperty("file", out var file) && file.GetString() == recording.File && !e.TryGetProperty("reason", out _) && e.TryGetProperty("codec", out _));
        Assert.Equal(recording.Id, started.GetProperty("recording_id").GetString());
    }
}
