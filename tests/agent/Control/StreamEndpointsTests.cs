using System.Net.ServerSentEvents;
using System.Text.Json;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Tests.Capture;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Control;

public sealed class StreamEndpointsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_devices_are_told_on_connect_and_when_one_begins_to_stream()
    {
        await using var agent = await ServedAgent.StartAsync();
        await using var events = await EventsAsync(agent, "v1/stream/devices");
        Assert.Equal("closed", Camera(await NextAsync(events)).State);

        await using (var subscription = await agent.Rooms.Sessions.SubscribeAsync(agent.Rooms.Devices.Find("virtual:0"), new ModeRequest(), CancellationToken.None))
        {
            Assert.Equal("YUYV", (await UntilAsync(events, camera => camera.Streaming is not null)).Streaming!.Format);
            subscription.Start(new FakeConsumer(0));
            await UntilAsync(events, camera => camera.State == "streaming");
        }
        Assert.Null((await UntilAsync(events, camera => camera.State == "closed")).Streaming);
    }

    [Fact]
    public async Task A_stream_ends_with_the_daemon()
    {
        await using var agent = await ServedAgent.StartAsync();
        await using var events = await EventsAsync(agent, "v1/stream/devices");
        await NextAsync(events);
        var stopped = agent.Server.StopAsync(CancellationToken.None);
        agent.Server.EndStreams();
        Assert.False(await events.MoveNextAsync().AsTask().WaitAsync(Patience));
        await stopped.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_client_that_leaves_is_forgotten()
    {
        await using var agent = await ServedAgent.StartAsync();
        using (var answer = await agent.Client.GetAsync("v1/stream/recordings", HttpCompletionOption.ResponseHeadersRead))
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        // Stopping waits for every request: one that did not notice would hold it.
        await agent.Server.StopAsync(CancellationToken.None).WaitAsync(Patience);
    }

    private static async Task<IAsyncEnumerator<SseItem<string>>> EventsAsync(ServedAgent agent, string path)
    {
        var answer = await agent.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
    }

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Patience));
        return events.Current;
    }

    private static async Task<DeviceSummary> UntilAsync(IAsyncEnumerator<SseItem<string>> events, Func<DeviceSummary, bool> isSo)
    {
        while (true)
        {
            if (Camera(await NextAsync(events)) is var camera && isSo(camera))
                return camera;
        }
    }

    private static DeviceSummary Camera(SseItem<string> item)
    {
        Assert.Equal("devices", item.EventType);
        return JsonSerializer.Deserialize(item.Data, ContractJson.Default.DeviceList)!.Devices.Single(device => device.Id == "virtual:0");
    }
}
