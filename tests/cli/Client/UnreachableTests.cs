using System.Net.Sockets;
using System.Text;

namespace ThatDam.Cli.Tests.Client;

public sealed class UnreachableTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("damctl-").FullName;

    private string SocketPath => Path.Combine(_directory, "capture.sock");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_missing_socket_is_told_with_what_to_start()
    {
        Outcome outcome = Damctl.Run(null, "status");

        Assert.Equal(
            new Outcome(
                5,
                "",
                "damctl: /nowhere/capture.sock: no such socket\n"
                + "  remedy: start the daemon with `sudo systemctl start thatdam-capture`, or name its socket with --socket PATH\n"),
            outcome);
    }

    [Fact]
    public void A_socket_that_nobody_listens_at_is_told()
    {
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            left.Bind(new UnixDomainSocketEndPoint(SocketPath));
        File.WriteAllText(SocketPath, ""); // .NET unlinks what it bound; a plain file refuses just as a stale socket does

        Outcome outcome = Damctl.Run(null, "--socket", SocketPath, "devices", "list");

        Assert.Equal(5, outcome.ExitCode);
        Assert.StartsWith($"damctl: {SocketPath}: nothing listens there\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_too_long_for_a_socket_is_a_usage_error()
    {
        Outcome outcome = Damctl.Run(null, "status", "--socket", "/tmp/" + new string('x', 120));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("107 bytes", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_denied_socket_names_the_group()
    {
        FailureException failure = FailureException.OfConnection("/run/thatdam/capture.sock", new SocketException((int)SocketError.AccessDenied));

        Assert.Equal((4, "/run/thatdam/capture.sock: permission denied"), (failure.ExitCode, failure.Message));
        Assert.Contains("usermod -aG thatdam", failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "closed before the answer was complete")]
    [InlineData("220 mail.example.org ESMTP\r\n", "does not speak HTTP")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"devices\":[", "closed before the answer was complete")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"dev", "closed before the answer was complete")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "chunks are malformed")]
    public async Task An_answer_that_is_cut_off_or_foreign_is_told(string answer, string reason)
    {
        using Socket listener = await Answering(answer);

        Outcome outcome = Damctl.Run(null, "--socket", SocketPath, "devices", "list", "-o", "json");

        Assert.Equal((5, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n1;x=y\r\n{\r\n1\r\n}\r\n0\r\nTrailer: z\r\n\r\n")]
    public async Task Every_framing_of_an_answer_is_read(string answer)
    {
        using Socket listener = await Answering(answer);

        Assert.Equal("{}\n", Damctl.Run(null, "--socket", SocketPath, "status", "-o", "json").Good());
    }

    [Fact]
    public async Task An_error_without_problem_details_still_has_its_exit_code()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/status", "<html>", 404, "text/html");

        Outcome outcome = Damctl.Run(daemon, "status");

        Assert.Equal(3, outcome.ExitCode);
        Assert.StartsWith("damctl: the daemon: HTTP 404 Not Found\n", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_answer_arrives_whole()
    {
        string json = $"{{\"devices\":[{string.Join(',', Enumerable.Repeat(Samples.Json(Samples.Webcam), 3000))}]}}";
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", json);

        Assert.Equal(json + "\n", Damctl.Run(daemon, "devices", "list", "-o", "json").Good());
    }

    private async Task<Socket> Answering(string answer)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        await Task.Yield();
        _ = Task.Run(async () =>
        {
            using Socket peer = await listener.AcceptAsync();
            await peer.ReceiveAsync(new byte[4096]);
            await peer.SendAsync(Encoding.ASCII.GetBytes(answer));
        });
        return listener;
    }
}
