using System.Text.Json;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Control;

public sealed class DeviceEndpointsTests
{
    [Fact]
    public async Task The_list_has_each_camera_with_what_it_can_do_in_short_and_in_full()
    {
        await using var agent = await ServedAgent.StartAsync(cameras: 2);
        var devices = (await agent.GetAsync("v1/devices", ContractJson.Default.DeviceList)).Devices.Where(device => device.Kind == "virtual").ToList();
        Assert.Equal(["virtual:0", "virtual:1"], devices.Select(device => device.Id));
        Assert.Equal(["1920x1080", "1280x720", "640x360"], devices[0].Capabilities.Resolutions);
        Assert.Equal([15, 30, 60], devices[0].Capabilities.Fps);
        Assert.Equal(["YUYV"], devices[0].Capabilities.Formats);
        Assert.Equal(("online", "closed", "capture"), (devices[0].Status, devices[0].State, devices[0].Role));
        Assert.Null(devices[0].Streaming);
        Assert.Equal(3, devices[0].Modes.Count);
    }

    [Theory]
    [InlineData("virtual:1")]
    [InlineData("virtual%3A1")]
    [InlineData("virtual1")]
    [InlineData("camera%201")]
    public async Task A_device_answers_to_its_node_its_short_name_and_a_part_of_its_name(string name)
    {
        await using var agent = await ServedAgent.StartAsync(cameras: 2);
        Assert.Equal("virtual:1", (await agent.GetAsync($"v1/devices/{name}", ContractJson.Default.DeviceSummary)).Id);
    }

    [Theory]
    [InlineData("v1/devices/%2Fdev%2Fvideo98", "'/dev/video98'")]
    [InlineData("v1/devices/%2fdev%2fvideo98", "'/dev/video98'")]
    [InlineData("v1/devices/video98", "'video98'")]
    public async Task An_unknown_device_is_named_as_it_was_asked_for(string path, string named)
    {
        await using var agent = await ServedAgent.StartAsync();
        var problem = await agent.ProblemAsync(HttpMethod.Get, path);
        Assert.Equal((404, "device_not_found"), (problem.Status, problem.Code));
        Assert.Contains(named, problem.Detail, StringComparison.Ordinal);
        Assert.NotNull(problem.Remedy);
    }

    [Fact]
    public async Task A_name_of_two_is_a_conflict()
    {
        await using var agent = await ServedAgent.StartAsync(cameras: 2);
        Assert.Equal((409, "device_ambiguous"), ((await agent.ProblemAsync(HttpMethod.Get, "v1/devices/virtual%20camera")) is var p ? (p.Status, p.Code) : default));
    }

    [Fact]
    public async Task A_request_waits_for_the_first_look()
    {
        var looked = new TaskCompletionSource();
        await using var agent = await ServedAgent.StartAsync(firstLook: looked.Task);
        var list = agent.GetAsync("v1/devices", ContractJson.Default.DeviceList);
        await agent.GetAsync("v1/status", ContractJson.Default.AgentStatus);
        Assert.False(list.IsCompleted);
        looked.SetResult();
        Assert.NotEmpty((await list).Devices);
    }

    [Fact]
    public async Task Names_are_snake_case_and_nothing_is_null()
    {
        await using var agent = await ServedAgent.StartAsync();
        var text = await agent.Client.GetStringAsync("v1/devices/virtual0");
        using var json = JsonDocument.Parse(text);
        Assert.True(json.RootElement.TryGetProperty("last_seen", out _));
        Assert.True(json.RootElement.TryGetProperty("stable_id", out _));
        Assert.DoesNotContain("null", text, StringComparison.Ordinal);
    }
}
