using System.Net.Sockets;
using System.Text.Json;

namespace ThatDam.EndToEnd.Tests;

/// <summary>The API's description, from the published program: what a library finds out about types at run time is not there in it.</summary>
[Trait("pace", "waits")]
public sealed class DescriptionTests
{
    [Fact]
    public async Task The_api_describes_itself()
    {
        await using var daemon = await Daemon.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(daemon.Socket), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var document = JsonDocument.Parse(await client.GetStringAsync("http://localhost/openapi/v1.json", TestContext.Current.CancellationToken));

        var paths = document.RootElement.GetProperty("paths");
        Assert.True(paths.TryGetProperty("/v1/recordings/{id}/stop", out _), paths.ToString());
        Assert.True(document.RootElement.GetProperty("components").GetProperty("schemas").TryGetProperty("Recording", out _));
    }
}
