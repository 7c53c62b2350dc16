using ThatDam.Agent.State;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.State;

public sealed class KnownDeviceStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void What_is_known_of_a_camera_is_read_back_over_a_restart()
    {
        var camera = Camera("a") with
        {
            Name = "\u001b\"\u0001 Ω",
            Serial = "A\n1",
            Modes = [new DeviceMode { Format = "YUYV", Width = 640, Height = 480, Rates = [29.97, 15], Range = new SizeRange(1920, 1080, 2, 2), RateRange = true }],
            Inputs = [new DeviceInput(1, "HDMI", true, null)],
        };
        using (var database = StateDatabase.Open(_directory.Path))
            new KnownDeviceStore(database).Write([camera, Camera("b")], []);
        using var reopened = StateDatabase.Open(_directory.Path);
        var read = new KnownDeviceStore(reopened).List();

        Assert.Equal(["a", "b"], read.Select(known => known.StableId));
        Assert.Equal(camera, read[0] with { Modes = camera.Modes, Inputs = camera.Inputs });
        Assert.Equal(camera.Modes[0], read[0].Modes[0] with { Rates = camera.Modes[0].Rates });
        Assert.Equal(camera.Modes[0].Rates, read[0].Modes[0].Rates);
        Assert.Equal(camera.Inputs, read[0].Inputs);
    }

    [Fact]
    public void A_later_word_takes_the_place_of_the_earlier_and_some_are_forgotten()
    {
        using var database = StateDatabase.Open(_directory.Path);
        var store = new KnownDeviceStore(database);
        store.Write([Camera("a"), Camera("b")], []);

        store.Write([Camera("a") with { Node = "/dev/video9" }], ["b", "never known"]);

        Assert.Equal("/dev/video9", Assert.Single(store.List()).Node);
    }

    [Fact]
    public void A_row_that_cannot_be_read_spoils_no_other()
    {
        using var database = StateDatabase.Open(_directory.Path);
        var store = new KnownDeviceStore(database);
        store.Write([Camera("a"), Camera("b")], []);
        database.Write(transaction => transaction.Run("UPDATE known_device SET body = '{' WHERE stable_id = 'a'"));

        Assert.Equal("b", Assert.Single(store.List()).StableId);
    }

    private static KnownDevice Camera(string stableId) =>
        new() { StableId = stableId, LastSeen = new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero), Node = "/dev/video0", Name = "A camera" };

    public void Dispose() => _directory.Dispose();
}
