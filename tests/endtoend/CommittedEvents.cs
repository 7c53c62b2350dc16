using System.Text.Json;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>The events that daemons have committed, collected over their lives, and what a consumer of the bus must have got of them.</summary>
internal sealed class CommittedEvents
{
    private readonly Dictionary<string, (string Topic, string Body)> _all = []; // by event id

    /// <summary>How many.</summary>
    public int Count => _all.Count;

    /// <summary>Takes what a daemon that has ended left in its state.</summary>
    public void Take(string stateDirectory)
    {
        foreach (var (topic, body) in EventHarvest.Read(Path.Combine(stateDirectory, "state.db")))
            Add(topic, body);
    }

    /// <summary>Takes what a running daemon tells that it has committed.</summary>
    public async Task TakeAsync(Daemon daemon)
    {
        var said = (await daemon.DamctlAsync("events", "tail", "--since", "1h", "--no-follow", "-o", "jsonl")).MustSucceed();
        foreach (var line in said.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var envelope = JsonSerializer.Deserialize(line, ContractJson.Default.EventEnvelope)!;
            Add(envelope.Topic, envelope.Event.GetRawText());
        }
    }

    /// <summary>
    /// Fails the test unless each was delivered, a list that a later one replaced aside; each start has one stop; in first deliveries seq
    /// rises for each device; and what came twice came with the same id and the same words.
    /// </summary>
    public void MustHaveArrived(IReadOnlyList<TappedEvent> arrived)
    {
        var first = arrived.DistinctBy(e => e.MessageId).ToList();
        var ids = first.Select(e => e.MessageId).ToHashSet();
        Assert.Empty(_all.Where(e => e.Value.Topic != "capture.device_list" && !ids.Contains(e.Key)).Select(e => $"{e.Value.Topic} {e.Key} was committed and never came"));

        var started = first.Where(e => e.Topic == "capture.recording_started").Select(e => e.Text("recording_id")).ToList();
        var stopped = first.Where(e => e.Topic == "capture.recording_stopped").Select(e => e.Text("recording_id")).ToList();
        Assert.Equal(started.Order(StringComparer.Ordinal), stopped.Order(StringComparer.Ordinal));
        Assert.Equal(started.Count, started.Distinct().Count());

        foreach (var stream in first.GroupBy(e => e.Text("stable_id")))
        {
            var seqs = stream.Select(e => e.Json.GetProperty("seq").GetInt64()).ToList();
            Assert.Empty(seqs.Zip(seqs.Skip(1)).Where(pair => pair.Second <= pair.First).Select(pair => $"seq {pair.Second} came after {pair.First} of '{stream.Key}'"));
        }
        Assert.All(arrived.GroupBy(e => e.MessageId), same => Assert.Single(same.Select(e => e.Body).Distinct()));
    }

    /// <summary>Whether <see cref="MustHaveArrived"/> has nothing to say.</summary>
    public bool HaveArrived(IReadOnlyList<TappedEvent> arrived)
    {
        try
        {
            MustHaveArrived(arrived);
            return true;
        }
        catch (Xunit.Sdk.XunitException)
        {
            return false;
        }
    }

    private void Add(string topic, string body)
    {
        using var parsed = JsonDocument.Parse(body);
        _all[parsed.RootElement.GetProperty("event_id").GetString()!] = (topic, body);
    }
}
