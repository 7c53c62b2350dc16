using System.Diagnostics.CodeAnalysis;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Agent.Piping;
using ThatDam.Agent.Tenancy;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Recording;

/// <summary>
/// One recording while it runs: camera → pipe → ffmpeg → file, from its start to its final file. Whatever ends it, what was captured is
/// drained into the file, the file is synced, and the frames in it are counted.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposes what it owns when it ends; it always ends.")]
internal sealed class ActiveRecording
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SyncEvery = TimeSpan.FromSeconds(2);

    private readonly Subscription _subscription;
    private readonly PipeConsumer _consumer;
    private readonly FfmpegProcess _ffmpeg;
    private readonly FileSink _sink;
    private readonly FileDescriptor _file;
    private readonly TimeProvider _time;
    private readonly Action<Contract.Recording, Caller> _changed;
    private readonly Lock _gate = new();
    private Contract.Recording _state;
    private string _askedReason = "manual";
    private string? _askedError;
    private Caller _cause = Caller.Daemon;
    private string? _givenUp;

    /// <summary>Takes ownership of the subscription, the process and the file, and starts.</summary>
    /// <param name="initial">What is known of it, in state starting.</param>
    /// <param name="subscription">The camera.</param>
    /// <param name="ffmpeg">Its ffmpeg.</param>
    /// <param name="file">Its new file.</param>
    /// <param name="duration_us">Video to take; null for no end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Told each new state, and who caused it; it stores it.</param>
    public ActiveRecording(
        Contract.Recording initial, Subscription subscription, FfmpegProcess ffmpeg, FileDescriptor file, long? duration_us, TimeProvider time,
        Action<Contract.Recording, Caller> changed)
    {
        (_state, _subscription, _ffmpeg, _file, _time, _changed) = (initial, subscription, ffmpeg, file, time, changed);
        _sink = new FileSink(initial.Id, ffmpeg.Output, file, SyncEvery, time);
        // While the disk takes nothing, ffmpeg cannot go on.
        _consumer = new PipeConsumer(initial.Id, subscription.Mode, subscription.Transport, ffmpeg.Input, duration_us) { Excuse = () => _sink.IsInDisk };
        try
        {
            subscription.Start(_consumer);
        }
        catch
        {
            _consumer.Dispose();
            _sink.Dispose();
            throw;
        }
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Ends with the final state.</summary>
    public Task<Contract.Recording> Ended { get; }

    /// <summary>Ends when the first frame is in the pipe, or faults when none ever will.</summary>
    public Task FirstFrame => _consumer.FirstFrame;

    /// <summary>How it stands, with counts of this moment.</summary>
    public Contract.Recording Snapshot()
    {
        lock (_gate)
            return _state.Stopped is null ? WithCounts(_state, _ffmpeg.Progress.Frames) : _state;
    }

    /// <summary>Ends it; the first reason counts. Returns at once: see <see cref="Ended"/>.</summary>
    /// <param name="reason">The contract's word.</param>
    /// <param name="error">What went wrong, if something did.</param>
    public void Stop(string reason, string? error = null)
    {
        lock (_gate)
        {
            if (!_consumer.Stopped.IsCompleted)
                (_askedReason, _askedError, _cause) = (reason, error, Caller.Current);
        }
        _consumer.Stop(new ConsumerStop(ConsumerStopCause.Asked));
    }

    private async Task<Contract.Recording> RunAsync()
    {
        // It outlives the request that started it.
        Caller.Enter(Caller.Daemon);
        try
        {
            return await ToItsEndAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever it was: the camera is free again, and the recording has ended.
            _ffmpeg.Kill();
            _consumer.Dispose();
            await _subscription.DisposeAsync().ConfigureAwait(false);
            return Advance(state => state with { State = "failed", Reason = "error", Error = $"It could not be brought to its end: {e.Message}", Stopped = _time.GetUtcNow() });
        }
        finally
        {
            _sink.Dispose();
            _ffmpeg.Dispose();
            _file.Dispose();
        }
    }

    private async Task<Contract.Recording> ToItsEndAsync()
    {
        await Task.WhenAny(_consumer.FirstFrame, _consumer.Stopped, _sink.Ended, _ffmpeg.Exited).ConfigureAwait(false);
        if (_consumer.FirstFrame.IsCompletedSuccessfully)
            Advance(state => state with { State = "recording", Segments = [state.Segments[0] with { Started = _time.GetUtcNow() }] });
        await Task.WhenAny(_consumer.Stopped, _sink.Ended, _ffmpeg.Exited).ConfigureAwait(false);

        Caller.Enter(_cause);
        Advance(state => state with { State = "stopping" });
        _subscription.Leave();
        await DrainAsync().ConfigureAwait(false);
        await _ffmpeg.StopAsync(StopDeadlines.Patient, _time).ConfigureAwait(false);

        Advance(state => state with { State = "finalising" });
        var diskError = await _sink.Ended.ConfigureAwait(false);
        _consumer.Dispose();
        await _subscription.DisposeAsync().ConfigureAwait(false);
        var written = WrittenFrames.Count(_file, _state.Container);
        var (reason, error) = await VerdictAsync(diskError, written).ConfigureAwait(false);
        return Advance(state => Final(state, written, reason, error));
    }

    private async Task DrainAsync()
    {
        var broken = _ffmpeg.Exited.IsCompleted || _sink.Ended.IsCompleted
            || (_consumer.Stopped.IsCompletedSuccessfully && (await _consumer.Stopped.ConfigureAwait(false)).Cause is ConsumerStopCause.ReaderGone or ConsumerStopCause.ReaderStuck);
        if (broken)
        {
            _consumer.Abort(new ConsumerStop(ConsumerStopCause.ReaderGone));
            _ffmpeg.Kill();
            return;
        }
        // A slow encoder is waited for while it reads on, up to the limit.
        var began = _time.GetTimestamp();
        while (await Task.WhenAny(_consumer.Drained, Task.Delay(DrainLook, _time)).ConfigureAwait(false) != _consumer.Drained)
        {
            var why = _consumer.Stuck() ?? (_time.GetElapsedTime(began) > DrainLimit ? $"it was not done {DrainLimit.TotalSeconds} s after the last frame" : null);
            if (why is null)
                continue;
            _givenUp = why;
            _consumer.Abort(new ConsumerStop(ConsumerStopCause.ReaderStuck));
            _ffmpeg.Kill();
            return;
        }
    }

    private async Task<(string Reason, string? Error)> VerdictAsync(NativeException? disk, long written)
    {
        if (disk is { Errno: Errno.ENOSPC or Errno.EDQUOT })
            return ("disk_full", $"{_state.File}: the disk is full. What was written before is kept. Free some space there and start again.");
        if (disk is not null)
            return ("error", $"{_state.File}: the disk failed ({disk.Message}). What was written before is kept.");
        var stop = await _consumer.Stopped.ConfigureAwait(false);
        var exit = await _ffmpeg.Exited.ConfigureAwait(false);
        var words = _ffmpeg.Log.Reason is { } reason ? $"It said: {reason}" : "It said nothing.";
        switch (stop.Cause)
        {
            case ConsumerStopCause.ReaderStuck:
                return ("error", $"ffmpeg was ended, for {stop.Detail}. {words}");
            case var _ when _givenUp is not null:
                return ("error", $"ffmpeg was ended, for {_givenUp}. {words}");
            case ConsumerStopCause.ReaderGone:
                return ("error", $"ffmpeg ended by itself ({exit}). {words}");
            case ConsumerStopCause.StreamFailed:
                return ("error", stop.Detail);
            case ConsumerStopCause.DeviceLost:
                return ("device_lost", stop.Detail);
        }
        // An ffmpeg that was given nothing fails; that is not the reason.
        if (_askedError is not null)
            return (_askedReason, _askedError);
        if (_consumer.Piped == 0 && stop.Cause == ConsumerStopCause.Asked)
            return (_askedReason, "It was stopped before its first frame.");
        if (!exit.IsSuccess)
            return ("error", $"ffmpeg failed at the end ({exit}). {words}");
        if (written == 0 && stop.Cause == ConsumerStopCause.Asked)
            return (_askedReason, "It was stopped before its first frame.");
        return (stop.Cause == ConsumerStopCause.Duration ? "duration" : _askedReason, null);
    }

    private Contract.Recording Final(Contract.Recording state, long written, string reason, string? error)
    {
        var now = _time.GetUtcNow();
        var counted = WithCounts(state, written);
        var failed = reason is "error" or "disk_full" || written == 0;
        return counted with
        {
            State = failed ? "failed" : "stopped",
            Reason = reason,
            Error = error,
            Stopped = now,
            // What went into the pipe and is not in the file was dropped on our side of the camera too.
            Frames = counted.Frames with { Dropped = counted.Frames.Captured - counted.Frames.Error - written },
            Segments = [counted.Segments[0] with { Stopped = now }],
        };
    }

    private Contract.Recording WithCounts(Contract.Recording state, long written) => state with
    {
        Frames = _consumer.Counts(written),
        DurationS = Math.Round(_consumer.Span_us / 1e6, 3),
        Bytes = _sink.Bytes,
        Segments = [state.Segments[0] with { Bytes = _sink.Bytes }],
    };

    private Contract.Recording Advance(Func<Contract.Recording, Contract.Recording> step)
    {
        lock (_gate)
        {
            _state = step(_state);
            if (_state.Stopped is null)
                _state = WithCounts(_state, _ffmpeg.Progress.Frames);
        }
        _changed(_state, _cause);
        return _state;
    }
}
