using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Recording;

/// <summary>
/// Opens the files of one recording that follow its first: at once where its camera streams on, else when that is back. What may pass is
/// waited for, however long it takes.
/// </summary>
/// <param name="recording">The recording's id.</param>
/// <param name="plan">What was asked for.</param>
/// <param name="device">The camera, as it was at the start.</param>
/// <param name="opener">Opens files.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="log">Told once of each kind why it waits.</param>
internal sealed class SegmentSuccession(string recording, RecordingPlan plan, Device device, SegmentOpener opener, TimeProvider time, ILogger log)
{
    private const int MaxFfmpegTries = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LostPause = TimeSpan.FromMilliseconds(250); // until its loss is known everywhere

    private readonly HashSet<string> _told = [];
    private RecordingRequest _request = plan.Request;

    /// <summary>The camera; its node may be another one each time it is back.</summary>
    public Device Device { get; private set; } = device;

    /// <summary>Opens the next file.</summary>
    /// <param name="name">Its name for a command line and an attempt.</param>
    /// <param name="cut">Why the one before it ended.</param>
    /// <param name="streaming">The stream, where it goes on; the caller's still.</param>
    /// <param name="pause">Whether the one before it was in vain, so that a pause is due.</param>
    /// <param name="begin">Begins to write it; may throw as this does.</param>
    /// <param name="waits">Told that it takes longer.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ProblemException">There will be none, for a reason that does not pass.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public async Task<SegmentRun> OpenAsync(
        Func<RecordingCommand, int, string> name, CutReason cut, Subscription? streaming, bool pause, Func<SegmentParts, SegmentRun> begin, Action waits,
        CancellationToken cancel)
    {
        var why = Why(cut);
        var rest = pause ? FirstPause : TimeSpan.Zero;
        var tries = 0;
        Problem? hindrance = null;
        while (true)
        {
            try
            {
                if (rest > TimeSpan.Zero)
                    await RestAsync(rest, hindrance, cancel).ConfigureAwait(false);
                if (why is { } cause)
                    Device = await opener.Sessions.ReturnAsync(Device.StableId, cause, cancel).ConfigureAwait(false);
                why = null;
                return await BeginAsync(name, streaming, begin, cancel).ConfigureAwait(false);
            }
            catch (ProblemException e) when (MayPass(e.Problem, ref tries))
            {
                Tell(e);
                waits();
                if (e.Problem.Code == "mode_unavailable" && cut == CutReason.SourceChanged)
                    FollowSource();
                hindrance = e.Problem;
                why = Again(e.Problem.Code);
                rest = why switch
                {
                    StreamEndCause.DeviceLost => LostPause,
                    StreamEndCause.Failed => TimeSpan.Zero, // the camera's own recovery takes its time
                    _ => rest < FirstPause ? FirstPause : rest * 2 < LongestPause ? rest * 2 : LongestPause,
                };
            }
        }
    }

    /// <summary>Opens a file that takes the place of one that is still written, from the same stream.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="begin">Begins to write it.</param>
    /// <param name="cancel">Gives up: the stream has ended.</param>
    /// <exception cref="ProblemException">Not yet.</exception>
    public Task<SegmentRun> JoinAsync(Func<RecordingCommand, int, string> name, Func<SegmentParts, SegmentRun> begin, CancellationToken cancel) =>
        BeginAsync(name, streaming: null, begin, cancel, joins: true);

    /// <summary>Ends a file that was never begun.</summary>
    public async Task DiscardAsync(SegmentRun run)
    {
        run.Stop(CutReason.Asked);
        await run.Ended.ConfigureAwait(false);
        opener.Discard(run.Parts);
        await run.Parts.Subscription.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A further file that has ended without a frame is taken away: there is nothing in it to play.</summary>
    public void RemoveEmpty(SegmentRun run, SegmentEnd end)
    {
        // Never by a count that could not be made.
        if (run.Index > 1 && end.Frames.Written == 0 && end.Cut is not (CutReason.Fault or CutReason.DiskFailed))
            opener.RemoveEmpty(run.Parts);
    }

    /// <summary>The camera is not waited for any more.</summary>
    public void GiveUp() => opener.Sessions.Forgo(Device.StableId);

    /// <summary>Its camera does not close.</summary>
    public void TellHang() => log.LogError("{Recording} of {Device}: its driver hangs as the camera is closed", recording, Device.Node);

    /// <summary>Says once of each kind why there is no new file.</summary>
    public void Tell(Exception e)
    {
        if (_told.Add((e as ProblemException)?.Problem.Code ?? e.Message))
            log.LogWarning("{Recording} of {Device}: no new file yet: {Reason}", recording, Device.Node, e.Message);
    }

    /// <summary>What is to be waited for after a file that ended so; null: nothing, the camera streams on.</summary>
    public static StreamEndCause? Why(CutReason cut) => cut switch
    {
        CutReason.DeviceLost => StreamEndCause.DeviceLost,
        CutReason.SourceChanged => StreamEndCause.SourceChanged,
        CutReason.Stalled => StreamEndCause.Failed,
        _ => null,
    };

    private async Task<SegmentRun> BeginAsync(
        Func<RecordingCommand, int, string> name, Subscription? streaming, Func<SegmentParts, SegmentRun> begin, CancellationToken cancel, bool joins = false)
    {
        try
        {
            var parts = await opener.OpenAsync(_request, Device, streaming, name, cancel, joins).ConfigureAwait(false);
            try
            {
                return begin(parts);
            }
            catch
            {
                opener.Discard(parts);
                if (streaming is null)
                    await parts.Subscription.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
        catch (NativeException e)
        {
            throw SegmentOpener.Refused(Device, e, again: true);
        }
    }

    // Whose camera cannot be opened for now waits for it, and so does the camera.
    private Task RestAsync(TimeSpan rest, Problem? hindrance, CancellationToken cancel) => hindrance is { Code: var code, Detail: { } reason } && IsOfCamera(code)
        ? opener.Sessions.RestAsync(Device.StableId, reason, rest, cancel)
        : Task.Delay(rest, time, cancel);

    private static bool IsOfCamera(string code) => code is "device_busy" or "device_denied" or "usb_bandwidth" or "mode_conflict" or "device_hangs";

    private void FollowSource()
    {
        if (_request is { Width: null, Height: null, Fps: null })
            return;
        _request = _request with { Width = null, Height = null, Fps = null };
        log.LogWarning("{Recording} of {Device}: the source has changed; from here on its size and rate are the source's own", recording, Device.Node);
    }

    // Of what is wrong with ffmpeg a few tries tell; the camera, who holds it, and the place of the files are given time.
    private static bool MayPass(Problem problem, ref int tries) => problem switch
    {
        { Code: "disk_full" } => false,
        { Code: "mode_unavailable" } => true,
        { Status: 422 } => false,
        { Code: var code } when code.StartsWith("ffmpeg", StringComparison.Ordinal) || code.StartsWith("encoder", StringComparison.Ordinal) => ++tries < MaxFfmpegTries,
        _ => true,
    };

    // Only for what its own recovery may help against: a reset would take a camera from others who use it.
    private static StreamEndCause? Again(string code) => code switch
    {
        "device_lost" or "device_offline" => StreamEndCause.DeviceLost,
        "device_failed" => StreamEndCause.Failed,
        "no_signal" or "mode_unavailable" => StreamEndCause.SourceChanged,
        _ => null,
    };
}
