using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Control;

public sealed class StatusEndpointsTests
{
    [Fact]
    public async Task Status_tells_the_daemon_its_devices_and_its_output()
    {
        await using var agent = await ServedAgent.StartAsync(cameras: 2);
        var status = await agent.GetAsync("v1/status", ContractJson.Default.AgentStatus);
        Assert.Equal(("1.2.3", Environment.ProcessId, 2, 0), (status.Version, status.Pid, status.Devices, status.ActiveRecordings));
        Assert.Equal(agent.Directory["recordings"], status.Output.Path);
        Assert.True(status.Output.FreeBytes > 0);
        Assert.Null(status.Output.Problem);
    }

    [Fact]
    public async Task Status_tells_what_is_wrong_with_the_output_directory_and_needs_no_devices()
    {
        await using var agent = await ServedAgent.StartAsync(firstLook: new TaskCompletionSource().Task);
        Directory.Delete(agent.Directory["recordings"]);
        var status = await agent.GetAsync("v1/status", ContractJson.Default.AgentStatus);
        Assert.Null(status.Output.FreeBytes);
        Assert.StartsWith($"{agent.Directory["recordings"]}: No such file or directory. Make it, ", status.Output.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_socket_is_for_its_owner_and_group()
    {
        await using var agent = await ServedAgent.StartAsync();
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(agent.Socket));
    }
}
