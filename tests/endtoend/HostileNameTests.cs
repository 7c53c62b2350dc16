using System.Text;
using System.Text.Json;
using ThatDam.Native.Tests.Uevents;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A camera may bear any name: no terminal and no parser gets to feel it.</summary>
[Trait("bed", "guest")]
[Trait("boot", "1")]
[Collection<UsbBed>]
public sealed class HostileNameTests
{
    [Fact]
    public async Task No_control_character_of_a_name_reaches_a_terminal_or_the_log_and_json_is_json()
    {
        var names = HostileNames.All.Select(Text).ToList();
        // Every fifth, of each kind some.
        var chosen = Programs.FullLength ? names : names.Where((_, i) => i % 5 == 0).ToList();
        await using var daemon = await DaemonCameras.StartAsync("");
        foreach (var name in chosen)
        {
            await using var camera = await UsbCamera.PlugAsync(new UsbCameraSettings { Serial = name.Length > 60 ? name[..60] : name, Product = name });
            var device = await daemon.OnlineAsync(camera.Node);
            Assert.All(device.StableId, letter => Assert.True(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or ':' or '-', device.StableId));

            foreach (var words in new[] { new[] { "devices", "list" }, ["devices", "show", camera.Node], ["doctor", camera.Node], ["status"] })
                MustBePlain(await daemon.DamctlAsync(words), name);
            foreach (var words in new[] { new[] { "devices", "list", "-o", "json" }, ["devices", "show", device.StableId, "-o", "json"] })
            {
                var said = (await daemon.DamctlAsync(words)).MustSucceed();
                MustBePlain(said, name);
                using var json = JsonDocument.Parse(said.Stdout);
            }
            var refused = await daemon.DamctlAsync("record", "start", camera.Node, "--size", "123x45");
            Assert.NotEqual(0, refused.ExitCode);
            MustBePlain(refused, name);
        }
        Assert.DoesNotContain(daemon.Log, letter => char.IsControl(letter) && letter != '\n');
        MustBePlain(await daemon.DamctlAsync("events", "tail", "--since", "1h", "--no-follow"), "the events");
    }

    private static void MustBePlain(Said said, string name)
    {
        foreach (var letter in (said.Stdout + said.Stderr).Where(letter => char.IsControl(letter) && letter != '\n'))
            Assert.Fail($"U+{(int)letter:X4} of the name {JsonSerializer.Serialize(name)} came through: {said.Command}: {JsonSerializer.Serialize(said.Stdout + said.Stderr)}");
    }

    // A string descriptor holds UTF-16: of bytes that are no text each stands for itself.
    private static string Text(byte[] name)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(name);
        }
        catch (ArgumentException)
        {
            return Encoding.Latin1.GetString(name);
        }
    }
}
