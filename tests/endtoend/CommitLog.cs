using System.Runtime.CompilerServices;
using System.Text.Json;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>An event that a daemon has committed.</summary>
/// <param name="Id">Its place in the order.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="At">When it was heard, by the wall clock: it was committed before.</param>
/// <param name="Body">The event.</param>
internal sealed record Committed(long Id, string Topic, DateTimeOffset At, JsonElement Body)
{
    /// <summary>A field as text; empty where it is absent.</summary>
    public string Text(string field) => Body.TryGetProperty(field, out var value) ? value.ToString() : "";

    /// <summary>A field as a number; 0 where it is absent.</summary>
    public long Number(string field) => Body.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    /// <summary>The device of a list by its stable id.</summary>
    public DeviceSummary? Device(string stableId) => Body.Deserialize(ContractJson.Default.CaptureDeviceList)!.Devices.FirstOrDefault(d => d.StableId == stableId);
}

/// <summary>
/// What a running daemon has committed, heard from its stream of events, which tells what is committed as soon as it is. It listens from the
/// first question on, and ends with the daemon.
/// </summary>
internal static class CommitLog
{
    private static readonly ConditionalWeakTable<Daemon, Listener> Listeners = [];

    /// <summary>The events after a place, in order.</summary>
    public static List<Committed> Events(this Daemon daemon, long after = 0) => Listeners.GetValue(daemon, it => new Listener(it)).After(after);

    /// <summary>The place of the last one.</summary>
    public static long Mark(this Daemon daemon) => daemon.Events() is [.., var last] ? last.Id : 0;

    /// <summary>Waits for an event after a place.</summary>
    public static async Task<Committed> CommittedAsync(this Daemon daemon, long after, string topic, Func<Committed, bool> which, string what, double seconds = 30)
    {
        Committed? found = null;
        try
        {
            await Eventually.TrueAsync(() => (found = daemon.Events(after).Find(e => e.Topic == topic && which(e))) is not null, $"{topic}: {what}", seconds);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            Assert.Fail($"{e.Message}; there are:\n{string.Join('\n', daemon.Events(after).Select(one => $"{one.At:HH:mm:ss.fff} {one.Topic} {Short(one)}"))}\nlog:\n{daemon.Log}");
        }
        return found!;
    }

    /// <summary>Waits until a device comes into a state.</summary>
    public static Task<Committed> StateAsync(this Daemon daemon, long after, string stableId, string state, double seconds = 30) =>
        daemon.CommittedAsync(after, "capture.device_state", e => e.Text("stable_id") == stableId && e.Text("state") == state, $"{stableId} is {state}", seconds);

    /// <summary>Waits until a file of a recording has begun.</summary>
    public static Task<Committed> StartedAsync(this Daemon daemon, long after, string recording, int segment, double seconds = 30) =>
        daemon.CommittedAsync(after, "capture.recording_started", e => e.Text("recording_id") == recording && e.Number("segment") == segment, $"file {segment} of {recording}", seconds);

    /// <summary>Waits until a file of a recording has ended.</summary>
    public static Task<Committed> StoppedAsync(this Daemon daemon, long after, string recording, int segment, double seconds = 30) =>
        daemon.CommittedAsync(after, "capture.recording_stopped", e => e.Text("recording_id") == recording && e.Number("segment") == segment, $"file {segment} of {recording}", seconds);

    /// <summary>Waits for a list in which a device has a status.</summary>
    public static Task<Committed> ListedAsync(this Daemon daemon, long after, string stableId, string status, double seconds = 30) =>
        daemon.CommittedAsync(after, "capture.device_list", e => e.Text("cause") == "change" && e.Device(stableId)?.Status == status, $"{stableId} is {status}", seconds);

    /// <summary>Each started file of a recording has one stop, with the reason that its segment tells, and only the last stop is final.</summary>
    public static async Task MustTellAsync(this Daemon daemon, Recording recording)
    {
        // Asked anew: what was committed is in the answer.
        var answer = await daemon.GetAsync("/v1/stream/events?since=2000-01-01T00:00:00Z&follow=false");
        var events = answer.Split('\n').Select((line, i) => Read(line, i, default)).OfType<Committed>().Where(e => e.Text("recording_id") == recording.Id).ToList();
        var started = events.Where(e => e.Topic == "capture.recording_started").Select(e => e.Number("segment")).ToList();
        var stopped = events.Where(e => e.Topic == "capture.recording_stopped").ToList();
        Assert.Equal(recording.Segments.Select(s => (long)s.Index), started);
        Assert.Equal(recording.Segments.Select(s => ((long)s.Index, s.File, s.Reason)), stopped.Select(e => (e.Number("segment"), e.Text("file"), (string?)e.Text("reason"))));
        Assert.Equal(stopped.Select((_, i) => i == stopped.Count - 1), stopped.Select(e => e.Body.GetProperty("final").GetBoolean()));
    }

    private static Committed? Read(string line, long id, DateTimeOffset at)
    {
        if (!line.StartsWith("data: ", StringComparison.Ordinal))
            return null;
        var envelope = JsonSerializer.Deserialize(line["data: ".Length..], ContractJson.Default.EventEnvelope)!;
        return new Committed(id, envelope.Topic, at, envelope.Event);
    }

    private static string Short(Committed one) => one.Topic == "capture.device_list"
        ? string.Join(", ", one.Body.GetProperty("devices").EnumerateArray().Select(d => $"{d.GetProperty("stable_id")} {d.GetProperty("status")}"))
        : one.Body.ToString();

    private sealed class Listener
    {
        private readonly List<Committed> _events = [];

        public Listener(Daemon daemon)
        {
            var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = Task.Run(() => ListenAsync(daemon, connected));
            Assert.True(connected.Task.Wait(TimeSpan.FromSeconds(30)), "the stream of events answers");
        }

        public List<Committed> After(long id)
        {
            lock (_events)
                return _events.FindAll(e => e.Id > id);
        }

        private async Task ListenAsync(Daemon daemon, TaskCompletionSource connected)
        {
            try
            {
                using var client = EventsOfDaemon.Client(daemon);
                using var stream = await client.GetStreamAsync("http://localhost/v1/stream/events?since=2000-01-01T00:00:00Z");
                using var reader = new StreamReader(stream);
                var began = TimeProvider.System.GetUtcNow();
                connected.TrySetResult();
                while (await reader.ReadLineAsync() is { } line)
                {
                    var now = TimeProvider.System.GetUtcNow();
                    lock (_events)
                    {
                        if (Read(line, _events.Count + 1, now) is not { } e)
                            continue;
                        // What was there before is told at once: it was committed when it says.
                        var ts = e.Body.GetProperty("ts").GetDateTimeOffset();
                        _events.Add(ts < began ? e with { At = ts } : e);
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // The daemon has ended.
                connected.TrySetException(e);
            }
        }
    }
}
