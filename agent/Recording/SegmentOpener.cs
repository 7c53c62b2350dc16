using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Recording;

/// <summary>Gets together what a file of a recording needs: the camera, the command line, the file, an ffmpeg.</summary>
/// <param name="sessions">The cameras.</param>
/// <param name="commands">The command lines.</param>
/// <param name="pool">The warm processes.</param>
/// <param name="folder">Where files go.</param>
/// <param name="sideDirectory">Where the indexes lie of files that are not final yet.</param>
internal sealed class SegmentOpener(SessionRegistry sessions, RecordingCommands commands, FfmpegPool pool, OutputFolder folder, string sideDirectory)
{
    /// <summary>How long the syncs of all files take.</summary>
    public SyncTimes Syncs { get; } = new();

    /// <summary>The cameras.</summary>
    public SessionRegistry Sessions => sessions;

    /// <summary>Opens one. After an exception nothing is left open but what was there before.</summary>
    /// <param name="request">What to record.</param>
    /// <param name="device">From which camera, as it is now.</param>
    /// <param name="streaming">Its stream, where that goes on; null: it is joined, or the camera opened.</param>
    /// <param name="name">The file's name for a command line and an attempt.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="joins">Whether the camera must stream already: it is not opened for this.</param>
    /// <exception cref="ProblemException">The camera, ffmpeg or the output.</exception>
    /// <exception cref="NativeException">The system: see <see cref="Refused"/>.</exception>
    public async Task<SegmentParts> OpenAsync(
        RecordingRequest request, Device device, Subscription? streaming, Func<RecordingCommand, int, string> name, CancellationToken cancel, bool joins = false)
    {
        var mode = RecordingCommands.Mode(request, device);
        await commands.ReadyAsync(request, device, cancel).ConfigureAwait(false);
        var subscription = streaming ?? await sessions.SubscribeAsync(device, mode, cancel, joins).ConfigureAwait(false);
        FileDescriptor? file = null;
        try
        {
            var command = await commands.ForAsync(request, subscription.Mode, cancel).ConfigureAwait(false);
            file = folder.CreateFile(attempt => name(command, attempt));
            var ffmpeg = pool.Take(command.Arguments, out var warm);
            commands.Used(command.Arguments);
            return new SegmentParts(subscription, command, file, ffmpeg, warm, Syncs, sideDirectory);
        }
        catch
        {
            if (file is not null)
                Remove(file);
            if (streaming is null)
                await subscription.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends what was opened in vain, but for the subscription.</summary>
    public void Discard(SegmentParts parts)
    {
        parts.Ffmpeg.Dispose();
        Remove(parts.File);
    }

    /// <summary>Takes away the file of one that has ended without a frame.</summary>
    public void RemoveEmpty(SegmentParts parts) => folder.Remove(parts.File);

    /// <summary>Told when the system gives no more descriptors, threads or memory. It may pass.</summary>
    /// <param name="device">The camera.</param>
    /// <param name="e">What the system said.</param>
    /// <param name="again">Whether it is tried again without being asked.</param>
    public static ProblemException Refused(Device device, NativeException e, bool again) => new(503, "system_refused", "Refused by the system",
        $"{device.Node}: no {(again ? "further " : "")}file of the recording can be begun: {e.Message}.",
        $"{(again ? "It is tried again by itself. " : "")}Stop some recordings, or raise LimitNOFILE= in the daemon's unit.");

    private void Remove(FileDescriptor file)
    {
        folder.Remove(file);
        file.Dispose();
    }
}

/// <summary>What a file of a recording is made of.</summary>
/// <param name="Subscription">The camera.</param>
/// <param name="Command">The command line, codec and container.</param>
/// <param name="File">The new file.</param>
/// <param name="Ffmpeg">Its ffmpeg.</param>
/// <param name="Warm">Whether that was waiting.</param>
/// <param name="Syncs">Told how long its syncs take.</param>
/// <param name="SideDirectory">Where its index lies until it is final.</param>
internal sealed record SegmentParts(
    Subscription Subscription, RecordingCommand Command, FileDescriptor File, FfmpegProcess Ffmpeg, bool Warm, SyncTimes Syncs, string SideDirectory);
