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
    private const long UnknownInterval_us = 100_000;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SyncEvery = TimeSpan.FromSeconds(2);

    private readonly PipeConsumer _consumer;
    private readonly FfmpegProcess _ffmpeg;
    private readonly Finalisation _finalisation;
    private readonly FileSink _sink;
    private readonly TimeProvider _time;
    private CutReason _asked = CutReason.Asked;
    private string? _givenUp;

    /// <summary>Takes ownership of the process and the file, and starts.</summary>
    /// <param name="name">The recording's id.</param>
    /// <param name="index">The file's number in it, from 1.</param>
    /// <param name="parts">What it is made of.</param>
    /// <param name="duration_us">Video to take, with which the recording ends; null for no end.</param>
    /// <param name="after">The file whose place it takes, of the same stream; null: it begins with the next frame.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ProblemException">The driver refuses to stream; nothing is owned then.</exception>
    /// <exception cref="NativeException">The system refuses a descriptor; nothing is owned then.</exception>
    public SegmentRun(string name, int index, SegmentParts parts, long? duration_us, SegmentRun? after, TimeProvider time)
    {
        (Index, Parts, _ffmpeg, _time, IsLast) = (index, parts, parts.Ffmpeg, time, duration_us is not null);
        _finalisation = new Finalisation(parts.File, parts.Command.Container, parts.SideDirectory);
        _sink = new FileSink(name, _ffmpeg.Output, parts.File, SyncEvery, time, parts.Syncs, _finalisation);
        var reader = new ReaderWatch(_ffmpeg.Id);
        PipeConsumer? consumer = null;
        try
        {
            _consumer = consumer = new PipeConsumer(name, parts.Subscription.Mode, parts.Subscription.Transport, _ffmpeg.Input, duration_us)
            {
                // While the disk takes nothing, ffmpeg cannot go on; while others have the processor, neither.
                Excuse = () => _sink.IsInDisk || reader.IsAtWork(),
                After = after?._consumer,
            };
            parts.Subscription.Start(_consumer);
        }
        catch
        {
            consumer?.Dispose();
            _sink.Dispose();
            _finalisation.Dispose();
            throw;
        }
        Ended = Task.Run(RunAsync);
    }

    /// <summary>The file's number in the recording, from 1.</summary>
    public int Index { get; }

    /// <summary>What it is made of.</summary>
    public SegmentParts Parts { get; }

    /// <summary>Whether it ends with the recording's duration.</summary>
    public bool IsLast { get; }

    /// <summary>Ends with what became of it. Never fails.</summary>
    public Task<SegmentEnd> Ended { get; }

    /// <summary>Ends when the first frame is in the pipe, or is cancelled when none ever will.</summary>
    public Task FirstFrame => _consumer.FirstFrame;

    /// <summary>Ends when it takes no more frames.</summary>
    public Task<ConsumerStop> Stopped => _consumer.Stopped;

    /// <summary>Ends when ffmpeg has ended; the file is then about to be final.</summary>
    public Task Written => Task.WhenAll(_ffmpeg.Exited, _sink.Ended);

    /// <summary>Whether one that was begun after it goes on in its place; once it has <see cref="Stopped"/>.</summary>
    public bool HandsOver => _consumer.HandsOver;

    /// <summary>When its first frame was captured, CLOCK_MONOTONIC, microseconds; negative while there is none.</summary>
    public long First_us => _consumer.First_us;

    /// <summary>Video in it so far, microseconds.</summary>
    public long Span_us => _consumer.Span_us;

    /// <summary>From frame to frame, microseconds.</summary>
    public long Interval_us => Parts.Subscription.Mode.Fps is > 0 and var fps ? (long)(1_000_000 / fps) : UnknownInterval_us;

    /// <summary>How it stands at this moment.</summary>
    public SegmentEnd Now() => Account(CutReason.Asked, null, _ffmpeg.Progress.Frames);

    /// <summary>Ends it; the first reason counts. Returns at once: see <see cref="Ended"/>.</summary>
    public void Stop(CutReason why)
    {
        if (!_consumer.Stopped.IsCompleted)
            _asked = why;
        _consumer.Stop(new ConsumerStop(ConsumerStopCause.Asked));
    }

    /// <summary>It ends when it has so much video, between two frames; what was begun after it goes on with the next.</summary>
    public void EndAt(long video_us) => _consumer.EndAt(video_us);

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
            Parts.Subscription.Leave();
            _consumer.Dispose();
            return Final(CutReason.Fault, $"It could not be brought to its end: {e.Message}", 0);
        }
        finally
        {
            _sink.Dispose();
            _finalisation.Dispose();
            _ffmpeg.Dispose();
            Parts.File.Dispose();
        }
    }

    private async Task<SegmentEnd> ToItsEndAsync()
    {
        await Task.WhenAny(_consumer.Stopped, _sink.Ended, _ffmpeg.Exited).ConfigureAwait(false);
        Parts.Subscription.Leave();
        await DrainAsync().ConfigureAwait(false);
        await _ffmpeg.StopAsync(StopDeadlines.Patient, _time).ConfigureAwait(false);
        var disk = await _sink.Ended.ConfigureAwait(false);
        _consumer.Dispose();
        var written = _finalisation.Frames ?? _ffmpeg.Progress.Frames;
        var stop = await _consumer.Stopped.ConfigureAwait(false);
        var asked = stop.Cause != ConsumerStopCause.Duration ? _asked : IsLast ? CutReason.Duration : CutReason.Segment;
        var exit = await _ffmpeg.Exited.ConfigureAwait(false);
        var (cut, error) = RecordingVerdict.Of(Parts.File.Name, disk, stop, asked, exit, _givenUp, _ffmpeg.Log.Reason, _consumer.Piped, written);
        return Final(cut, error, written);
    }

    private async Task DrainAsync()
    {
        if (_sink.Ended.IsCompletedSuccessfully && await _sink.Ended.ConfigureAwait(false) is not null)
        {
            // The disk, which the next file would be written to as well.
            GiveUp(ConsumerStopCause.Asked);
            return;
        }
        var cause = _consumer.Stopped.IsCompletedSuccessfully ? (await _consumer.Stopped.ConfigureAwait(false)).Cause : (ConsumerStopCause?)null;
        if (_ffmpeg.Exited.IsCompleted || _sink.Ended.IsCompleted || cause is ConsumerStopCause.ReaderGone or ConsumerStopCause.ReaderStuck)
        {
            GiveUp(ConsumerStopCause.ReaderGone);
            return;
        }
        // A slow encoder is waited for while it reads on, up to the limit. But that a camera was unplugged is news that does not wait.
        var began = _time.GetTimestamp();
        while (await Task.WhenAny(_consumer.Drained, Task.Delay(DrainLook, _time)).ConfigureAwait(false) != _consumer.Drained)
        {
            if (cause == ConsumerStopCause.DeviceLost)
                _consumer.DropWaiting();
            _givenUp = _consumer.Stuck() ?? (_time.GetElapsedTime(began) > DrainLimit ? $"it was not done {DrainLimit.TotalSeconds} s after the last frame" : null);
            if (_givenUp is null)
                continue;
            GiveUp(ConsumerStopCause.ReaderStuck);
            return;
        }
    }

    private void GiveUp(ConsumerStopCause cause)
    {
        _consumer.Abort(new ConsumerStop(cause));
        _ffmpeg.Kill();
    }

    // What went into the pipe and is not in the file was dropped on our side of the camera too.
    private SegmentEnd Final(CutReason cut, string? error, long written)
    {
        var end = Account(cut, error, written);
        return end with { Frames = end.Frames with { Dropped = end.Frames.Captured - end.Frames.Error - written } };
    }

    private SegmentEnd Account(CutReason cut, string? error, long written) => new()
    {
        Cut = cut,
        Error = error,
        Frames = _consumer.Counts(written),
        Span_us = _consumer.Span_us,
        First_us = _consumer.First_us,
        Last_us = _consumer.Last_us,
        Interval_us = Interval_us,
        Holes = _consumer.Holes,
        Bytes = _sink.Bytes,
    };
}
