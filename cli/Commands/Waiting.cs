using System.Runtime.InteropServices;

using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl record start --wait</c>: waits for a recording's end.</summary>
internal static class Waiting
{
    /// <summary>Waits, showing the recording meanwhile where lines can be redrawn, and prints what became of it.</summary>
    /// <param name="run">Whom to ask and where to print.</param>
    /// <param name="id">The recording.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="FailureException">The recording failed, or the daemon went away.</exception>
    public static int ForEnd(Invocation run, string id)
    {
        using EventStream stream = run.Daemon.WatchRecordings();
        bool interrupted = false;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            Volatile.Write(ref interrupted, true);
            stream.Abort();
        });

        // Asked for once the stream is open, so that an end in between is not missed.
        Answer answer = run.Daemon.Recording(id);
        Recording recording = answer.Read(ContractJson.Default.Recording);
        var lines = new LiveLines(run.Terminal);
        var pace = new Pace();
        while (!RecordingText.HasEnded(recording))
        {
            if (run.ForPeople && run.Terminal.Redraws)
                lines.Show([], [RecordingText.Running(recording, pace.Fps(recording))]);
            if (stream.Next() is { } json)
            {
                answer = Json.Element(new Answer(json), "recordings", id) ?? run.Daemon.Recording(id);
                recording = answer.Read(ContractJson.Default.Recording);
            }
            else if (Volatile.Read(ref interrupted))
            {
                run.Terminal.Out.Flush();
                run.Remark($"recording {id} goes on; stop it with `damctl record stop {id}`");
                return ExitCode.Interrupted;
            }
            else
            {
                throw FailureException.Unreachable(run.Daemon.SocketPath, $"the daemon went away while {id} was recording");
            }
        }

        if (run.ForPeople)
            lines.Show([RecordingText.Ended(recording)], []);
        else
            Json.Write(run.Terminal, answer, run.Format);
        RecordingText.ThrowIfFailed(recording);
        return ExitCode.Ok;
    }
}
