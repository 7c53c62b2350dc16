using System.Diagnostics.CodeAnalysis;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Agent.Piping;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Recording;

/// <summary>
/// One file of a recording while it is written: camera → pipe → ffmpeg → file. Whatever ends it, what was captured is drained into the
/// file, the file is synced, and the frames in it are counted. The subscription stays open: whoever gave it closes it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposes what it owns when it ends; it always ends.")]
internal sealed class SegmentRun
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SyncEvery = TimeSpan.FromSeconds(2);

    private readonly SegmentParts _parts;
    private readonly PipeConsumer _consumer;
    private readonly FfmpegProcess _ffmpeg;
    private readonly FileSink _sink;
    private readonly TimeProvider _time;
    private readonly bool _isWhole; // the duration is the recording's, not only this file's
    private CutReason _asked = CutReason.Asked;
    private string? _givenUp;

    /// <summary>Takes ownership of the process and the file, and starts.</summary>
    /// <param name="name">The recording's id.</param>
    /// <param name="parts">What it is made of.</param>
    /// <param name="duration_us">Video to take; null for no end.</param>
    /// <param name="isWhole">Whether the recording ends with it.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ProblemException">The driver refuses to stream; nothing is owned then.</exception>
    public SegmentRun(string name, SegmentParts parts, long? duration_us, bool isWhole, TimeProvider time)
    {
        (_parts, _ffmpeg, _time, _isWhole) = (parts, parts.Ffmpeg, time, isWhole);
        _sink = new FileSink(name, _ffmpeg.Output, parts.File, SyncEvery, time);
        var reader = new ReaderWatch(_ffmpeg.Id);
        _consumer = new PipeConsumer(name, parts.Subscription.Mode, parts.Subscription.Transport, _ffmpeg.Input, duration_us)
        {
            // While the disk takes nothing, ffmpeg cannot go on; while others have the processor, neither.
            Excuse = () => _sink.IsInDisk || reader.IsAtWork(),
        };
        try
        {
            parts.Subscription.Start(_consumer);
        }
        catch
        {
            _consumer.Dispose();
            _sink.Dispose();
            throw;
        }
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Ends with what became of it. Never fails.</summary>
    public Task<SegmentEnd> Ended { get; }

    /// <summary>Ends when the first frame is in the pipe, or is cancelled when none ever will.</summary>
    public Task FirstFrame => _consumer.FirstFrame;

    /// <summary>Ends when it takes no more frames.</summary>
    public Task<ConsumerStop> Stopped => _consumer.Stopped;

    /// <summary>Ends when ffmpeg has ended; the file is then about to be final.</summary>
    public Task Written => Task.WhenAll(_ffmpeg.Exited, _sink.Ended);

    /// <summary>When its first frame was captured, CLOCK_MONOTONIC, microseconds; negative while there is none.</summary>
    public long First_us => _consumer.First_us;

    /// <summary>How it stands at this moment.</summary>
    public SegmentEnd Now() => Account(CutReason.Asked, null, _ffmpeg.Progress.Frames);

    /// <summary>Ends it; the first reason counts. Returns at once: see <see cref="Ended"/>.</summary>
    public void Stop(CutReason why)
    {
        if (!_consumer.Stopped.IsCompleted)
            _asked = why;
        _consumer.Stop(new ConsumerStop(ConsumerStopCause.Asked));
    }

    private async Task<SegmentEnd> RunAsync()
    {
        // It outlives the request that started it.
        Caller.Enter(Caller.Daemon);
        try
        {
            return await ToItsEndAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever it was: the camera is free again, and the file has ended.
            _ffmpeg.Kill();
            _parts.Subscription.Leave();
            _consumer.Dispose();
            return Account(CutReason.Fault, $"It could not be brought to its end: {e.Message}", 0);
        }
        finally
        {
            _sink.Dispose();
            _ffmpeg.Dispose();
            _parts.File.Dispose();
        }
    }

    private async Task<SegmentEnd> ToItsEndAsync()
    {
        await Task.WhenAny(_consumer.Stopped, _sink.Ended, _ffmpeg.Exited).ConfigureAwait(false);
        _parts.Subscription.Leave();
        await DrainAsync().ConfigureAwait(false);
        await _ffmpeg.StopAsync(StopDeadlines.Patient, _time).ConfigureAwait(false);
        var disk = await _sink.Ended.ConfigureAwait(false);
        _consumer.Dispose();
        var written = WrittenFrames.Count(_parts.File, _parts.Command.Container);
        var (cut, error) = await VerdictAsync(disk, written).ConfigureAwait(false);
        var end = Account(cut, error, written);
        // What went into the pipe and is not in the file was dropped on our side of the camera too.
        return end with { Frames = end.Frames with { Dropped = end.Frames.Captured - end.Frames.Error - written } };
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

    private async Task<(CutReason Cut, string? Error)> VerdictAsync(NativeException? disk, long written)
    {
        var file = _parts.File.Name;
        if (disk is { Errno: Errno.ENOSPC or Errno.EDQUOT })
            return (CutReason.DiskFull, $"{file}: the disk is full. What was written before is kept. Free some space there and start again.");
        if (disk is not null)
            return (CutReason.DiskFailed, $"{file}: the disk failed ({disk.Message}). What was written before is kept.");
        var stop = await _consumer.Stopped.ConfigureAwait(false);
        var exit = await _ffmpeg.Exited.ConfigureAwait(false);
        var words = _ffmpeg.Log.Reason is { } reason ? $"It said: {reason}" : "It said nothing.";
        switch (stop.Cause)
        {
            case ConsumerStopCause.ReaderStuck:
                return (CutReason.FfmpegLost, $"ffmpeg was ended, for {stop.Detail}. {words}");
            case var _ when _givenUp is not null:
                return (CutReason.FfmpegLost, $"ffmpeg was ended, for {_givenUp}. {words}");
            case ConsumerStopCause.ReaderGone:
                return (CutReason.FfmpegLost, $"ffmpeg ended by itself ({exit}). {words}");
            case ConsumerStopCause.StreamFailed:
                return (CutReason.Stalled, stop.Detail);
            case ConsumerStopCause.SourceChanged:
                return (CutReason.SourceChanged, stop.Detail);
            case ConsumerStopCause.DeviceLost:
                return (CutReason.DeviceLost, stop.Detail);
        }
        var asked = stop.Cause == ConsumerStopCause.Duration ? _isWhole ? CutReason.Duration : CutReason.Segment : _asked;
        // An ffmpeg that was given nothing fails; that is not the reason.
        if (_consumer.Piped > 0 && !exit.IsSuccess)
            return (CutReason.FfmpegFailed, $"ffmpeg failed at the end ({exit}). {words}");
        return (asked, written == 0 && asked == CutReason.Asked ? "It was stopped before its first frame." : null);
    }

    private SegmentEnd Account(CutReason cut, string? error, long written) => new()
    {
        Cut = cut,
        Error = error,
        Frames = _consumer.Counts(written),
        Span_us = _consumer.Span_us,
        First_us = _consumer.First_us,
        Last_us = _consumer.Last_us,
        Bytes = _sink.Bytes,
    };
}
