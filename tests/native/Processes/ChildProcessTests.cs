using System.Globalization;
using System.Text;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Pipes;
using ThatDam.Native.Processes;

namespace ThatDam.Native.Tests.Processes;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_child_has_exactly_the_descriptors_it_was_given()
    {
        using var stray = File.OpenRead("/dev/null"); // ours, not the child's
        var (text, status) = Output("ls -l /proc/self/fd | sed 's/.* \\([0-9]*\\) -> /\\1 /'", extra: 2);

        Assert.True(status.IsSuccess, status.ToString());
        var numbers = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(' ')).ToList();
        // ls opens the directory itself: the next free number after ours.
        Assert.Equal(["0", "1", "2", "3", "4"], numbers.Select(entry => entry[0]).OrderBy(number => number, StringComparer.Ordinal));
        Assert.Equal(4, numbers.Count(entry => entry[1].StartsWith("pipe:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Given_descriptors_keep_their_order_even_where_their_numbers_overlap_the_targets()
    {
        // Our own 0, 1 and 2, in the wrong order: the child's 0 is our 2, its 1 our pipe, its 2 our 0.
        var (read, write) = Pipe.Create();
        using (read)
        {
            using var first = new Borrowed(2);
            using var last = new Borrowed(0);
            using var child = ChildProcess.Start("/bin/sh", ["-c", "readlink /proc/self/fd/1; readlink /proc/$$/fd/0; readlink /proc/$$/fd/2"], [first, write, last]);
            write.Dispose();
            var lines = ReadAll(read).Split('\n');

            Assert.StartsWith("pipe:", lines[0], StringComparison.Ordinal);
            Assert.Equal(File.ResolveLinkTarget("/proc/self/fd/2", false)?.Name, Path.GetFileName(lines[1]));
            Assert.Equal(File.ResolveLinkTarget("/proc/self/fd/0", false)?.Name, Path.GetFileName(lines[2]));
        }
    }

    [Fact]
    public void A_child_starts_with_default_signals_in_a_session_of_its_own()
    {
        const ulong libcsOwn = 3ul << 31; // signals 32 and 33, which glibc ignores in a child for itself
        var (text, _) = Output("grep -E '^Sig(Ign|Blk)' /proc/self/status | cut -f2; cut -d' ' -f6 /proc/$$/stat; echo $$");
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(0ul, ulong.Parse(lines[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)); // blocked
        Assert.Equal(0ul, ulong.Parse(lines[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~libcsOwn); // ignored
        Assert.Equal(lines[3], lines[2]); // the shell leads its session
    }

    [Fact]
    public void A_child_sees_a_clean_environment_and_what_it_was_given()
    {
        Environment.SetEnvironmentVariable("THATDAM_TEST_SECRET", "secret");
        var (text, _) = Output("env", environment: [new("AV_LOG_FORCE_NOCOLOR", "1"), new("LANG", "C.UTF-8")]);

        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("AV_LOG_FORCE_NOCOLOR=1\n", text, StringComparison.Ordinal);
        Assert.Contains("LANG=C.UTF-8\n", text, StringComparison.Ordinal);
        Assert.Contains($"PATH={Environment.GetEnvironmentVariable("PATH")}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        var (read, write) = Pipe.Create();
        using (read)
        {
            using var child = ChildProcess.Start("/usr/bin/printf", ["%s|", "", "two words", "$(id)", "ünï"], [write, write, write]);
            write.Dispose();

            Assert.Equal("|two words|$(id)|ünï|", ReadAll(read));
        }
    }

    [Fact]
    public void An_exit_code_and_a_signal_are_told_apart()
    {
        Assert.Equal(new ExitStatus(7, null), Output("exit 7").Status);
        Assert.Equal("exited with code 7", Output("exit 7").Status.ToString());

        using var child = Sleeping();
        child.Send(Signal.SIGINT);
        var status = child.WaitForExit(Deadline);

        Assert.Equal(new ExitStatus(null, Signal.SIGINT), status);
        Assert.Equal("was killed by SIGINT", status?.ToString());
    }

    [Fact]
    public void The_end_of_a_child_wakes_a_poll()
    {
        using var child = Sleeping();
        using var poll = new PollSet();
        var place = poll.Add(child.Handle, PollEvents.In);

        Assert.False(child.HasExited);
        Assert.False(poll.Wait(0));
        child.Send(Signal.SIGTERM);
        Assert.True(poll.Wait(10_000));

        Assert.Equal(PollEvents.In, poll.Found(place));
        Assert.True(child.HasExited);
    }

    [Fact]
    public void Waiting_for_a_child_that_stays_ends_at_the_deadline()
    {
        using var child = Sleeping();

        Assert.Null(child.WaitForExit(TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public void A_disposed_child_is_neither_an_orphan_nor_a_zombie()
    {
        var child = Sleeping();
        Assert.True(Directory.Exists($"/proc/{child.Id}"));

        child.Dispose();

        Assert.False(Directory.Exists($"/proc/{child.Id}"));
        child.Send(Signal.SIGTERM); // nothing to signal, and no error
        Assert.Equal(new ExitStatus(null, Signal.SIGKILL), child.TryReap());
    }

    [Theory]
    [InlineData("/nonexistent/ffmpeg", Errno.ENOENT)]
    [InlineData("/etc/passwd", Errno.EACCES)]
    public void A_program_that_cannot_run_is_an_error_at_start(string program, Errno reason)
    {
        var (read, write) = Pipe.Create();
        using (read)
        using (write)
        {
            var problem = Assert.Throws<NativeException>(() => ChildProcess.Start(program, [], [read, write, write]));

            Assert.Equal(reason, problem.Errno);
            Assert.Equal(program, problem.Target);
        }
    }

    [Fact]
    public void Two_hundred_children_leave_no_descriptor_behind()
    {
        using var nothing = new Borrowed(0);
        ChildProcess.Start("/bin/true", [], [nothing, nothing, nothing]).Dispose();
        var before = Directory.GetFiles("/proc/self/fd").Length;

        for (var i = 0; i < 200; i++)
        {
            using var child = ChildProcess.Start("/bin/true", [], [nothing, nothing, nothing]);
            Assert.True(child.WaitForExit(Deadline)?.IsSuccess);
        }

        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 20); // other tests run beside this one
    }

    private static ChildProcess Sleeping()
    {
        using var nothing = new Borrowed(0);
        return ChildProcess.Start("/bin/sleep", ["60"], [nothing, nothing, nothing]);
    }

    private static (string Text, ExitStatus Status) Output(
        string script, int extra = 1, IReadOnlyList<KeyValuePair<string, string>>? environment = null)
    {
        var (read, write) = Pipe.Create();
        using (read)
        {
            var descriptors = Enumerable.Repeat<Descriptor>(write, 2 + extra).ToList();
            using var child = ChildProcess.Start("/bin/sh", ["-c", script], descriptors, environment);
            write.Dispose();
            var text = ReadAll(read);
            return (text, child.WaitForExit(Deadline) ?? throw new TimeoutException($"still runs: {script}"));
        }
    }

    private static string ReadAll(PipeReadEnd pipe)
    {
        var text = new List<byte>();
        var buffer = new byte[4096];
        for (var got = pipe.TryRead(buffer); got > 0; got = pipe.TryRead(buffer))
            text.AddRange(buffer.AsSpan(0, (int)got));
        return Encoding.UTF8.GetString([.. text]);
    }

    /// <summary>A copy of one of this process's own descriptors.</summary>
    private sealed class Borrowed(int fd) : Descriptor(Tmds.Linux.LibC.dup(fd));
}
