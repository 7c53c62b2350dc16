using System.Globalization;
using System.Text.Json;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>An event that a daemon has committed.</summary>
/// <param name="Id">Its place in the order.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="At">When its transaction was written, by the wall clock.</param>
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

/// <summary>What a running daemon has committed, from the stream of its events.</summary>
internal static class CommitLog
{
    /// <summary>The events after a place, in order.</summary>
    public static async Task<List<Committed>> LogAsync(this Daemon daemon, long after = 0)
    {
        var events = new List<Committed>();
        long id = 0;
        foreach (var line in (await daemon.GetAsync("/v1/stream/events?follow=false&since=2000-01-01T00:00:00Z")).Split('\n'))
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = long.Parse(line["id: ".Length..], CultureInfo.InvariantCulture);
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && id > after)
            {
                var told = JsonSerializer.Deserialize(line["data: ".Length..], ContractJson.Default.EventEnvelope)!;
                events.Add(new Committed(id, told.Topic, told.Event.GetProperty("ts").GetDateTimeOffset(), told.Event));
            }
        }
        return events;
    }

    /// <summary>The place of the last one.</summary>
    public static async Task<long> MarkAsync(this Daemon daemon) => await daemon.LogAsync() is [.., var last] ? last.Id : 0;

    /// <summary>Waits for an event after a place.</summary>
    public static async Task<Committed> CommittedAsync(this Daemon daemon, long after, string topic, Func<Committed, bool> which, string what, double seconds = 30)
    {
        Committed? found = null;
        try
        {
            await Eventually.TrueAsync(async () => (found = (await daemon.LogAsync(after)).Find(e => e.Topic == topic && which(e))) is not null, $"{topic}: {what}", seconds);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            Assert.Fail($"{e.Message}; there are:\n{string.Join('\n', (await daemon.LogAsync(after)).Select(one => $"{one.At:HH:mm:ss.fff} {one.Topic} {Short(one)}"))}\nlog:\n{daemon.Log}");
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
        var events = (await daemon.LogAsync()).Where(e => e.Text("recording_id") == recording.Id).ToList();
        var started = events.Where(e => e.Topic == "capture.recording_started").Select(e => e.Number("segment")).ToList();
        var stopped = events.Where(e => e.Topic == "capture.recording_stopped").ToList();
        Assert.Equal(recording.Segments.Select(s => (long)s.Index), started);
        Assert.Equal(recording.Segments.Select(s => ((long)s.Index, s.File, s.Reason)), stopped.Select(e => (e.Number("segment"), e.Text("file"), (string?)e.Text("reason"))));
        Assert.Equal(stopped.Select((_, i) => i == stopped.Count - 1), stopped.Select(e => e.Body.GetProperty("final").GetBoolean()));
    }

    private static string Short(Committed one) => one.Topic == "capture.device_list"
        ? string.Join(", ", one.Body.GetProperty("devices").EnumerateArray().Select(d => $"{d.GetProperty("stable_id")} {d.GetProperty("status")}"))
        : one.Body.ToString();
}
