using ThatDam.Agent.Devices;

namespace ThatDam.Agent.Tests.Devices;

/// <summary>Two cameras with the same serial number, at ports 1 and 2: each has an id of its own, whatever is done to them.</summary>
public sealed class TwinTests : IDisposable
{
    private const string First = "046d:0825-SN-00";
    private const string AtPort1 = "pci-0000:00:14.0-usb-0:1:1.0";
    private const string AtPort2 = "pci-0000:00:14.0-usb-0:2:1.0";

    private readonly CatalogBed _bed = new();
    private int _number = 1;

    [Fact]
    public async Task Both_plugged_at_once_keep_their_ids_over_replug_in_the_other_order()
    {
        Plug("1", "video0");
        Plug("2", "video1");
        Assert.Equal([("video0", AtPort1), ("video1", AtPort2)], await IdsAsync());

        await OtherOrderAsync();
        Assert.Equal([("video0", AtPort2), ("video1", AtPort1)], await IdsAsync());
    }

    [Fact]
    public async Task One_plugged_after_the_other_keep_their_ids_over_replug_in_the_other_order()
    {
        await OneAfterTheOtherAsync();

        await OtherOrderAsync();

        Assert.Equal([("video0", AtPort2), ("video1", First)], await IdsAsync());
        Assert.Equal("its serial number", _bed.Catalog.Present(First)?.IdentifiedBy);
        Assert.Equal($"its port ({AtPort2}), for another camera has the same serial number", _bed.Catalog.Present(AtPort2)?.IdentifiedBy);
    }

    [Fact]
    public async Task Renumbered_nodes_change_nothing()
    {
        await OneAfterTheOtherAsync();

        _bed.Fake.Unplug("video0", "video1");
        Plug("2", "video7");
        Plug("1", "video12");

        Assert.Equal([("video12", First), ("video7", AtPort2)], (await IdsAsync()).OrderBy(pair => pair.Node, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("1", "2")]
    [InlineData("2", "1")]
    public async Task A_reboot_changes_nothing_whoever_is_found_first(string first, string second)
    {
        await OneAfterTheOtherAsync();
        _bed.Fake.Unplug("video0", "video1");
        _bed.Restart();

        Plug(first, "video0");
        await _bed.Catalog.LookAsync(LookScope.Marks);
        Plug(second, "video1");

        (string, string)[] expected = first == "1" ? [("video0", First), ("video1", AtPort2)] : [("video0", AtPort2), ("video1", First)];
        Assert.Equal(expected, await IdsAsync());
    }

    [Fact]
    public async Task One_that_moved_keeps_its_id_though_its_twin_comes_to_its_old_port_as_a_lower_node()
    {
        Plug("1", "video5");
        Assert.Equal([("video5", First)], await IdsAsync());
        _bed.Fake.Unplug("video5");
        await IdsAsync();
        Plug("3", "video6");
        Assert.Equal([("video6", First)], await IdsAsync());

        Plug("1", "video0");

        Assert.Equal([("video0", AtPort1), ("video6", First)], await IdsAsync());
    }

    private async Task OneAfterTheOtherAsync()
    {
        Plug("1", "video0");
        await IdsAsync();
        Plug("2", "video1");
        Assert.Equal([("video0", First), ("video1", AtPort2)], await IdsAsync());
    }

    private async Task OtherOrderAsync()
    {
        _bed.Fake.Unplug("video0");
        await _bed.Catalog.LookAsync(LookScope.Marks);
        _bed.Fake.Unplug("video1");
        await _bed.Catalog.LookAsync(LookScope.Marks);
        Plug("2", "video0");
        await _bed.Catalog.LookAsync(LookScope.Marks);
        Plug("1", "video1");
    }

    private void Plug(string port, string node) => _bed.Fake.AddUsbCamera(port, "SN", [node], number: ++_number);

    private async Task<IReadOnlyList<(string Node, string StableId)>> IdsAsync()
    {
        await _bed.Catalog.LookAsync(LookScope.Marks);
        return [.. _bed.Catalog.All.Where(device => device.Online).Select(device => (Path.GetFileName(device.Node), device.StableId))];
    }

    public void Dispose() => _bed.Dispose();
}
