using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Devices;

/// <summary>Cameras whose makers, or whose attackers, wrote anything at all into their serial number, their name and their label.</summary>
public sealed class HostileNamesTests : IDisposable
{
    private static readonly byte[][] Names =
    [
        .. Enumerable.Range(1, 31).Select(control => (byte[])[(byte)'a', (byte)control, (byte)'z']), // among them newline, escape, bell
        [0x7f], [0x9b, (byte)'3', (byte)'1', (byte)'m'], [0xff, 0xfe, (byte)'A', 0], [0xfe, 0xff, 0xd8, 0], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf5, 0x80, 0x80, 0x80],
        "\u001b[2J\u001b]0;owned\u0007"u8.ToArray(), "\"},{\"id\":\"x"u8.ToArray(), "'; DROP TABLE recording; --"u8.ToArray(), "../../etc/passwd"u8.ToArray(),
        "a%2Fb%00c"u8.ToArray(), "\u202egnp.exe"u8.ToArray(), "\u2028\u2029\ufeff"u8.ToArray(), "😀"u8.ToArray(), "$(reboot)`reboot`"u8.ToArray(),
        "<script>alert(1)</script>"u8.ToArray(), "\\u0000\\"u8.ToArray(), [.. Enumerable.Repeat((byte)'x', 4000)], [.. Enumerable.Range(128, 128).Select(high => (byte)high)],
    ];

    private readonly CatalogBed _bed = new();

    [Fact]
    public async Task Whatever_a_camera_says_the_ids_are_safe_and_the_json_is_valid()
    {
        Assert.True(Names.Length >= 40);
        for (var i = 0; i < Names.Length; i++)
        {
            var node = $"video{i}";
            var name = Encoding.UTF8.GetString(Names[i]);
            _bed.Fake.AddUsbCamera($"{i + 1}", "x", [node], number: i + 2);
            _bed.Fake.SetUsbAttribute($"{i + 1}", "serial", [.. Names[i], (byte)'\n']);
            _bed.Fake.SetLabel(node, Names[i]);
            _bed.Answers[node] = () => CatalogBed.Answer(name) with { Driver = name, Bus = name };
        }
        await _bed.Catalog.RescanAsync(TestContext.Current.CancellationToken);

        Check(online: true);
        _bed.Fake.Unplug([.. Enumerable.Range(0, Names.Length).Select(i => $"video{i}")]);
        await _bed.Catalog.LookAsync(LookScope.Marks);
        _bed.Restart(); // what is stored is read back
        Check(online: false);
    }

    private void Check(bool online)
    {
        var all = _bed.Catalog.All;
        Assert.Equal(Names.Length, all.Count);
        Assert.All(all, device => Assert.Equal(online, device.Online));
        Assert.All(all, device => Assert.Matches("^[A-Za-z0-9._:-]+$", device.StableId));
        Assert.Equal(all.Count, all.Select(device => device.StableId).Distinct().Count());
        Assert.All(all, device => Assert.Same(device, _bed.Catalog.Find(device.StableId)));
        Assert.All(all, device => Assert.DoesNotContain(device.IdentifiedBy!, char.IsControl));

        var sessions = new SessionRegistry(
            _bed.Catalog, new CameraStates(TimeProvider.System, NullLogger<CameraStates>.Instance), TimeProvider.System,
            (_, _) => throw new InvalidOperationException(), _ => throw new InvalidOperationException(), NullLogger<SessionRegistry>.Instance);
        var json = JsonSerializer.SerializeToUtf8Bytes(DeviceSummaries.List(_bed.Catalog, sessions, all: true), ContractJson.Default.DeviceList);
        Assert.DoesNotContain(json, one => one < 0x20 || one == 0x7f);
        var read = JsonSerializer.Deserialize(json, ContractJson.Default.DeviceList)!.Devices;
        Assert.Equal(all.Select(device => device.Name), read.Select(device => device.Name));
        Assert.Equal(all.Select(device => device.Serial), read.Select(device => device.Serial));
    }

    public void Dispose() => _bed.Dispose();
}
