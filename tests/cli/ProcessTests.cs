using System.Diagnostics;

namespace ThatDam.Cli.Tests;

/// <summary>What only a process of its own can show: signals, pipes, terminals and permissions.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ProcessTests
{
    private const string Event = "{\"topic\":\"capture.error\",\"event\":{\"service\":\"s\",\"ts\":\"2026-11-24T07:50:41Z\",\"error\":\"e\"}}";

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Ctrl_C_while_waiting_leaves_the_recording_alone()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        var waiting = new TaskCompletionSource();
        daemon.On("POST /v1/recordings", Samples.Json(Samples.Running), 201)
            .Stream("GET /v1/stream/recordings", open: true, Samples.List(Samples.Running))
            .On($"GET /v1/recordings/{Samples.Running.Id}", async context =>
            {
                await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, Samples.Json(Samples.Running));
                waiting.TrySetResult();
            });
        // Whatever started the tests may ignore SIGINT, as a shell's background jobs do; a user's shell does not.
        using Process damctl = Start(
            daemon, "/usr/bin/env", "--default-signal=INT", Path.Combine(AppContext.BaseDirectory, "damctl"), "record", "start", "video0", "--wait", "-o", "json");
        Task<string> error = damctl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        await waiting.Task.WaitAsync(s_deadline, TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", ["-INT", $"{damctl.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, await ExitCodeOf(damctl));
        Assert.Equal($"damctl: recording {Samples.Running.Id} goes on; stop it with `damctl record stop {Samples.Running.Id}`\n", await error);
        Assert.DoesNotContain(daemon.Requests, request => request.Contains("/stop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_watch_ends_when_its_reader_has_gone()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream("GET /v1/stream/devices", open: false, [.. Enumerable.Repeat(Samples.List(Samples.Webcam), 1000)]);
        using Process shell = Start(
            daemon, "/bin/sh", "-c", "{ \"$0\" devices watch -o json; echo \"exit $?\" >&2; } | head -n 1", Path.Combine(AppContext.BaseDirectory, "damctl"));
        Task<string> error = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Samples.List(Samples.Webcam) + "\n", await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await ExitCodeOf(shell));
        Assert.Equal("exit 0\n", await error);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_tail()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream("GET /v1/stream/events?pattern=%23&follow=true", open: true, Event);
        using Process damctl = Start(
            daemon, "/usr/bin/env", "--default-signal=INT", Path.Combine(AppContext.BaseDirectory, "damctl"), "events", "tail", "-o", "jsonl");

        Assert.Equal(Event, await damctl.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using (Process kill = Process.Start("kill", ["-INT", $"{damctl.Id}"]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, await ExitCodeOf(damctl));
        Assert.Equal("", await damctl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_tail_ends_when_its_reader_has_gone()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.Stream("GET /v1/stream/events?pattern=%23&follow=true", open: false, [.. Enumerable.Repeat(Event, 1000)]);
        using Process shell = Start(
            daemon, "/bin/sh", "-c", "{ \"$0\" events tail -o jsonl; echo \"exit $?\" >&2; } | head -n 1", Path.Combine(AppContext.BaseDirectory, "damctl"));
        Task<string> error = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Event + "\n", await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await ExitCodeOf(shell));
        Assert.Equal("exit 0\n", await error);
    }

    [Fact]
    public async Task Standard_input_is_read()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        using Process shell = Start(
            daemon, "/bin/sh", "-c", $"printf '%s\\n' '{Event}' | \"$0\" events validate -; \"$0\" events validate - < /", Path.Combine(AppContext.BaseDirectory, "damctl"));
        Task<string> error = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1 event, 0 invalid\n", await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, await ExitCodeOf(shell));
        Assert.StartsWith("damctl: stdin: ", await error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1", false)]
    public async Task No_color_is_obeyed_on_a_terminal(string noColor, bool coloured)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1) is not installed");
        await using FakeDaemon daemon = await FakeDaemon.Start();
        daemon.On("GET /v1/devices", Samples.List(Samples.Webcam));
        using Process script = Start(
            daemon, "/usr/bin/env", "TERM=xterm", $"NO_COLOR={noColor}",
            "script", "-qec", $"'{Path.Combine(AppContext.BaseDirectory, "damctl")}' devices list", "/dev/null");

        string text = await script.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Contains("/dev/video0", text, StringComparison.Ordinal);
        Assert.Equal(coloured, text.Contains("\e[32mstreaming", StringComparison.Ordinal));
        Assert.Equal(0, await ExitCodeOf(script));
    }

    [Fact]
    public async Task A_user_outside_the_group_is_denied()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "needs root and setpriv(1), to be another user");
        await using FakeDaemon daemon = await FakeDaemon.Start();
        File.SetUnixFileMode(daemon.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(daemon.SocketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string program = CopyForOthers();
        try
        {
            using Process damctl = Start(
                daemon, "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Path.Combine(program, "damctl"), "status");
            string error = await damctl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

            Assert.Equal(4, await ExitCodeOf(damctl));
            Assert.StartsWith($"damctl: {daemon.SocketPath}: permission denied\n  remedy: join the group thatdam", error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(program, recursive: true);
        }
    }

    private static Process Start(FakeDaemon daemon, string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["THATDAM_SOCKET"] = daemon.SocketPath;
        return Process.Start(start)!;
    }

    private static async Task<int> ExitCodeOf(Process process)
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_deadline);
        return process.ExitCode;
    }

    // Another user may not reach into the build's own directory.
    private static string CopyForOthers()
    {
        string directory = Directory.CreateTempSubdirectory("damctl-").FullName;
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        foreach (string name in new[] { "damctl", "damctl.dll", "damctl.runtimeconfig.json", "ThatDam.Contract.dll", "System.CommandLine.dll" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, name), Path.Combine(directory, name));
        return directory;
    }
}
