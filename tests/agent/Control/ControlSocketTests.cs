using System.Net.Sockets;
using ThatDam.Agent.Control;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Control;

public sealed class ControlSocketTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void A_socket_that_a_killed_daemon_left_is_removed()
    {
        using (var killed = Listening(_directory["bound"]))
            File.Move(_directory["bound"], _directory["s"]); // closing unlinks the name it was bound to
        ControlSocket.Claim(_directory["s"]);
        Assert.False(File.Exists(_directory["s"]));
    }

    [Fact]
    public void A_socket_that_is_served_is_left_alone()
    {
        using var other = Listening(_directory["s"]);
        var problem = Refused(_directory["s"]);
        Assert.Equal($"{_directory["s"]} is served by another thatdam-capture.", problem.Detail);
        Assert.Contains("--socket PATH", problem.Remedy, StringComparison.Ordinal);
        Assert.True(File.Exists(_directory["s"]));
    }

    [Fact]
    public void A_file_in_its_place_is_left_alone()
    {
        var path = _directory.Write("precious", "data");
        Assert.Equal($"{path} is there and is no socket.", Refused(path).Detail);
        Assert.Equal("data", File.ReadAllText(path));
    }

    [Fact]
    public void A_link_in_its_place_is_left_alone()
    {
        using var other = Listening(_directory["real"]);
        File.CreateSymbolicLink(_directory["link"], _directory["real"]);
        Assert.Equal($"{_directory["link"]} is there and is no socket.", Refused(_directory["link"]).Detail);
    }

    [Fact]
    public void The_directory_is_made_but_not_a_tree_of_them()
    {
        ControlSocket.Claim(_directory["run/s"]);
        Assert.True(Directory.Exists(_directory["run"]));
        Assert.Equal($"{_directory["a/b"]} does not exist, nor does the directory above it.", Refused(_directory["a/b/s"]).Detail);
    }

    [Fact]
    public void A_path_that_is_too_long_is_told()
    {
        var path = _directory[new string('x', 120)];
        var problem = Refused(path);
        Assert.Equal($"{path} is too long for a socket's path.", problem.Detail);
        Assert.StartsWith("Name one of at most 107 bytes", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_daemon_that_lost_the_race_to_bind_says_who_won()
    {
        using var other = Listening(_directory["s"]);
        var problem = ControlSocket.BindProblem(_directory["s"], await Assert.ThrowsAsync<SocketException>(() =>
        {
            using var second = Listening(_directory["s"]);
            return Task.CompletedTask;
        })).Problem;
        Assert.Equal($"{_directory["s"]} is served by another thatdam-capture.", problem.Detail);
    }

    [Fact]
    public async Task After_the_end_the_name_is_free_again()
    {
        string path;
        await using (var agent = await ServedAgent.StartAsync())
        {
            path = agent.Socket;
            Assert.True(File.Exists(path));
        }
        Assert.False(File.Exists(path));
    }

    public void Dispose() => _directory.Dispose();

    private static Problem Refused(string path) => Assert.Throws<ProblemException>(() => ControlSocket.Claim(path)).Problem;

    private static Socket Listening(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
