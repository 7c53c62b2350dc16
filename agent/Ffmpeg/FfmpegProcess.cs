using ThatDam.Contract;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Pipes;
using ThatDam.Native.Processes;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>
/// One running ffmpeg: frames go in at <see cref="Input"/>, the file comes out at <see cref="Output"/>. A thread of its own reads what it
/// says and sees it end. Whoever stops it must go on emptying <see cref="Output"/> meanwhile, or it never gets rid of its last bytes.
/// Disposing kills it if it still runs: neither an orphan nor a zombie is left. For any thread.
/// </summary>
public sealed class FfmpegProcess : IDisposable
{
    private const int OutputCapacity_bytes = 256 * 1024;
    private const int StackBytes = 256 * 1024;
    private static readonly KeyValuePair<string, string>[] Environment = [new("AV_LOG_FORCE_NOCOLOR", "1")];

    private readonly ChildProcess _child;
    private readonly PipeReadEnd _logPipe;
    private readonly PipeReadEnd _progressPipe;
    private readonly PollSet _poll = new();
    private readonly Thread _watch;
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile FfmpegProgress _progress = FfmpegProgress.None;

    private FfmpegProcess(ChildProcess child, IReadOnlyList<string> arguments, PipeWriteEnd input, PipeReadEnd output, PipeReadEnd log, PipeReadEnd progress)
    {
        _child = child;
        Arguments = arguments;
        Input = input;
        Output = output;
        _logPipe = log;
        _progressPipe = progress;
        log.SetNonBlocking(true);
        progress.SetNonBlocking(true);
        _poll.Add(log, PollEvents.In);
        _poll.Add(progress, PollEvents.In);
        _poll.Add(child.Handle, PollEvents.In);
        _watch = new Thread(Watch, StackBytes) { IsBackground = true, Name = $"ffmpeg {child.Id}" };
        _watch.Start();
    }

    /// <summary>Its command line, without the program's name.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>Its process id.</summary>
    public int Id => _child.Id;

    /// <summary>Where frames go in. Blocks when full unless set otherwise; 1 MiB where the kernel gives it.</summary>
    public PipeWriteEnd Input { get; }

    /// <summary>Where the file comes out.</summary>
    public PipeReadEnd Output { get; }

    /// <summary>What it last said of its work. Exact once <see cref="Exited"/> is done.</summary>
    public FfmpegProgress Progress => _progress;

    /// <summary>What it said.</summary>
    public FfmpegLog Log { get; } = new();

    /// <summary>Done when it has ended, with all it said taken in. Never fails.</summary>
    public Task<ExitStatus> Exited => _exited.Task;

    /// <summary>Starts one.</summary>
    /// <exception cref="ProblemException">503: it does not start.</exception>
    public static FfmpegProcess Start(FfmpegProgram program, IReadOnlyList<string> arguments)
    {
        var pipes = new List<Descriptor>();
        try
        {
            var input = Pipe.Create(Pipe.UnprivilegedMaximumBytes);
            pipes.AddRange([input.Read, input.Write]);
            var output = Pipe.Create(OutputCapacity_bytes);
            pipes.AddRange([output.Read, output.Write]);
            var log = Pipe.Create();
            pipes.AddRange([log.Read, log.Write]);
            var progress = Pipe.Create();
            pipes.AddRange([progress.Read, progress.Write]);
            var child = ChildProcess.Start(program.Path, arguments, [input.Read, output.Write, log.Write, progress.Write], Environment);
            foreach (var theirs in new Descriptor[] { input.Read, output.Write, log.Write, progress.Write })
                theirs.Dispose();
            return new FfmpegProcess(child, arguments, input.Write, output.Read, log.Read, progress.Read);
        }
        catch (NativeException reason)
        {
            foreach (var pipe in pipes)
                pipe.Dispose();
            throw new ProblemException(
                503,
                "ffmpeg_not_started",
                "ffmpeg does not start",
                $"{program.Path} does not start: {reason.Reason}.",
                reason.Errno is Errno.EMFILE or Errno.ENFILE or Errno.EAGAIN or Errno.ENOMEM
                    ? "The machine is short of processes, memory or descriptors: stop some recordings, or raise LimitNOFILE= and TasksMax= in the daemon's unit."
                    : "See that this user may run it, or set Path= in [Ffmpeg] to one that works.");
        }
    }

    /// <summary>Tells it that no frame follows: it writes what it holds, and ends.</summary>
    public void CloseInput() => Input.Dispose();

    /// <summary>Lets everything else go first; to be said just after the start.</summary>
    public void YieldToOthers() => _child.YieldToOthers();

    /// <summary>Asks it to end now with a whole file (SIGINT). Only once: a second one makes it drop what it holds.</summary>
    public void Interrupt() => _child.Send(Signal.SIGINT);

    /// <summary>Ends it at once (SIGKILL).</summary>
    public void Kill() => _child.Send(Signal.SIGKILL);

    /// <summary>Ends it: the end of its input; if that does not help, SIGINT; then SIGKILL.</summary>
    /// <returns>How it ended.</returns>
    public async Task<ExitStatus> StopAsync(StopDeadlines deadlines, TimeProvider time)
    {
        CloseInput();
        if (await EndsWithinAsync(deadlines.EndOfInput, time).ConfigureAwait(false))
            return await Exited.ConfigureAwait(false);
        Interrupt();
        if (!await EndsWithinAsync(deadlines.Interrupt, time).ConfigureAwait(false))
            Kill();
        return await Exited.ConfigureAwait(false);
    }

    private async Task<bool> EndsWithinAsync(TimeSpan deadline, TimeProvider time)
    {
        try
        {
            await Exited.WaitAsync(deadline, time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseInput();
        Output.Dispose();
        _child.Dispose();
        _watch.Join();
    }

    private void Watch()
    {
        const int log = 0, progress = 1, ended = 2; // the order in which they were added
        var logLines = new TextLines(_logPipe, Log.Add);
        var progressLines = new TextLines(_progressPipe, line => _progress = _progress.With(line));
        while (_poll.Found(ended) == PollEvents.None)
        {
            _poll.Wait();
            if (_poll.Found(log) != PollEvents.None && !logLines.Drain())
                _poll.Mute(log);
            if (_poll.Found(progress) != PollEvents.None && !progressLines.Drain())
                _poll.Mute(progress);
        }

        // What it said before it ended is in the pipes already; somebody else may hold their other ends, so there may be no end of stream.
        logLines.Drain();
        progressLines.Drain();
        logLines.Flush();
        progressLines.Flush();
        var exit = _child.WaitForExit(TimeSpan.FromSeconds(5)) ?? new ExitStatus(null, Signal.SIGKILL);
        _poll.Dispose();
        _logPipe.Dispose();
        _progressPipe.Dispose();
        _exited.SetResult(exit);
    }
}

/// <summary>How long each step of ending an ffmpeg may take before the next, harder one.</summary>
/// <param name="EndOfInput">After the end of its input.</param>
/// <param name="Interrupt">After SIGINT.</param>
public sealed record StopDeadlines(TimeSpan EndOfInput, TimeSpan Interrupt)
{
    /// <summary>Time for an encoder to finish a start queue of 4K frames on a small machine.</summary>
    public static StopDeadlines Patient { get; } = new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5));
}
