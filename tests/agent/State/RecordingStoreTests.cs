using System.Text.Json;
using ThatDam.Agent.State;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.State;

public sealed class RecordingStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void A_recording_comes_back_as_it_was_also_after_a_restart()
    {
        var recording = Recordings.One("a");
        using (var database = StateDatabase.Open(_directory.Path))
            new RecordingStore(database).Insert(recording);
        using var reopened = StateDatabase.Open(_directory.Path);
        Assert.Equal(Json(recording), Json(new RecordingStore(reopened).Find("a")));
    }

    [Fact]
    public void An_update_replaces_and_an_unknown_id_is_null()
    {
        using var database = StateDatabase.Open(_directory.Path);
        var store = new RecordingStore(database);
        store.Insert(Recordings.One("a"));
        store.Update(Recordings.One("a") with { State = "stopped", Bytes = 99 });
        Assert.Equal(99, store.Find("a")?.Bytes);
        Assert.Null(store.Find("b"));
        Assert.Throws<InvalidOperationException>(() => store.Update(Recordings.One("b")));
    }

    [Fact]
    public void Lists_are_latest_first_and_the_unfinished_oldest_first()
    {
        using var database = StateDatabase.Open(_directory.Path);
        var store = new RecordingStore(database);
        store.Insert(Recordings.One("a", "recording", minute: 1));
        store.Insert(Recordings.One("b", "stopped", minute: 2));
        store.Insert(Recordings.One("c", "failed", minute: 3));
        store.Insert(Recordings.One("d", "finalising", minute: 4));
        Assert.Equal(["d", "c", "b", "a"], store.List(activeOnly: false).Select(r => r.Id));
        Assert.Equal(["d", "a"], store.List(activeOnly: true).Select(r => r.Id));
        Assert.Equal(["d", "c"], store.List(activeOnly: false, limit: 2).Select(r => r.Id));
        Assert.Equal(["a", "d"], store.Unfinished().Select(r => r.Id));
    }

    [Fact]
    public void A_transaction_that_throws_leaves_nothing_behind_and_the_next_one_works()
    {
        using var database = StateDatabase.Open(_directory.Path);
        var store = new RecordingStore(database);
        Assert.Throws<TimeoutException>(() => database.Write(transaction =>
        {
            RecordingStore.Insert(transaction, Recordings.One("a"), request: null);
            throw new TimeoutException();
        }));
        Assert.Null(store.Find("a"));
        store.Insert(Recordings.One("a"));
        Assert.NotNull(store.Find("a"));
    }

    [Fact]
    public void What_was_written_is_in_the_files_before_the_call_returns()
    {
        using var database = StateDatabase.Open(_directory.Path);
        new RecordingStore(database).Insert(Recordings.One("a"));
        // What a kill would leave: the files as they are now, the connection never closed.
        using var copy = new TemporaryDirectory();
        foreach (var file in Directory.GetFiles(_directory.Path))
            File.Copy(file, copy[Path.GetFileName(file)]);
        using var after = StateDatabase.Open(copy.Path);
        Assert.Equal("a", Assert.Single(new RecordingStore(after).Unfinished()).Id);
    }

    [Fact]
    public async Task Many_threads_may_write_at_once()
    {
        using var database = StateDatabase.Open(_directory.Path);
        var store = new RecordingStore(database);
        await Parallel.ForAsync(0, 100, (i, _) =>
        {
            store.Insert(Recordings.One($"r{i}"));
            store.Update(Recordings.One($"r{i}", "stopped"));
            return ValueTask.CompletedTask;
        });
        Assert.Equal(100, store.List(activeOnly: false).Count);
    }

    public void Dispose() => _directory.Dispose();

    private static string Json(Contract.Recording? recording) => JsonSerializer.Serialize(recording!, ContractJson.Default.Recording);
}
