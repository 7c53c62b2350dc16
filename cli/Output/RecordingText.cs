using System.Globalization;

using ThatDam.Contract;

namespace ThatDam.Cli.Output;

/// <summary>Recordings in words.</summary>
internal static class RecordingText
{
    /// <summary>Whether nothing more will happen to it.</summary>
    public static bool HasEnded(Recording recording) => recording.State is "stopped" or "failed";

    /// <summary>Prints one that has just started.</summary>
    public static void PrintStarted(Terminal terminal, Recording recording)
    {
        terminal.Out.WriteLine(terminal.Paint($"{PlainText.Of(recording.State)} {PlainText.Of(recording.Id)}", Style.Bold));
        var fields = new Fields();
        fields.Add("device", recording.Device);
        fields.Add("mode", Mode(recording));
        fields.Add(
            "shared",
            recording.SharedMode ? "the camera was streaming already, so this recording shares its mode" : null,
            Style.Yellow);
        fields.Add("file", recording.File);
        fields.Add("start", recording.WarmStart ? "warm ffmpeg" : "cold ffmpeg");
        fields.Add("transport", recording.Transport);
        fields.Write(terminal);
    }

    /// <summary>Prints everything about one.</summary>
    public static void Print(Terminal terminal, Recording recording)
    {
        terminal.Out.WriteLine(terminal.Paint(PlainText.Of(recording.Id), Style.Bold));
        FrameCounts frames = recording.Frames;
        var fields = new Fields();
        fields.Add("state", recording.State + Reason(recording), ModeText.Style(recording.State));
        fields.Add("error", recording.Error, Style.Red);
        fields.Add("device", recording.StableId is null ? recording.Device : $"{recording.Device} ({recording.StableId})");
        fields.Add("mode", Mode(recording));
        fields.Add("shared", recording.SharedMode ? "the mode of a stream that ran already" : null);
        fields.Add("label", recording.Label);
        fields.Add("started", terminal.Moment(recording.Started));
        fields.Add("stopped", recording.Stopped is { } stopped ? terminal.Moment(stopped) : null);
        fields.Add("time", Figures.Elapsed(recording.DurationS));
        fields.Add("frames", string.Create(
            CultureInfo.InvariantCulture,
            $"captured {frames.Captured}, lost {frames.Lost}, error {frames.Error}, dropped {frames.Dropped}, written {frames.Written}"));
        fields.Add("start", recording.WarmStart ? "warm ffmpeg" : "cold ffmpeg");
        fields.Add("transport", recording.Transport);
        fields.Add("file", $"{recording.File}, {Figures.Bytes(recording.Bytes)}");
        foreach (RecordingSegment segment in recording.Segments.Skip(1))
            fields.Add("", $"{segment.File}, {Figures.Bytes(segment.Bytes)}");
        fields.Write(terminal);
    }

    /// <summary>One line on one that has ended.</summary>
    public static string Ended(Recording recording)
    {
        string frames = $"{Figures.Count(recording.Frames.Written)} frames, {Losses(recording)}";
        return PlainText.Of($"{recording.Id}  {recording.State}{Reason(recording)}  {Size(recording)}  {frames}  {recording.File}");
    }

    /// <summary>One line on one that runs; what matters most stands first, for a narrow terminal cuts the end.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="measuredFps">Frames per second as they really came.</param>
    public static string Running(Recording recording, double measuredFps)
    {
        string state = recording.State == "recording" ? "" : $"  {recording.State}";
        return PlainText.Of(string.Create(
            CultureInfo.InvariantCulture,
            $"{recording.Device}{state}  {Size(recording)}  {measuredFps:0.0} fps  {Losses(recording)}  {recording.Id}"));
    }

    /// <summary>Ends the command if the recording failed.</summary>
    /// <exception cref="FailureException">It failed.</exception>
    public static void ThrowIfFailed(Recording recording)
    {
        if (recording.State == "failed")
        {
            throw new FailureException(
                ExitCode.Failure,
                $"recording {recording.Id} failed: {recording.Error ?? recording.Reason ?? "no reason given"}",
                $"see `damctl record show {recording.Id}`");
        }
    }

    private static string Reason(Recording recording) => recording.Reason is null ? "" : $" ({recording.Reason})";

    private static string Mode(Recording recording)
    {
        string mode = ModeText.Streaming(recording.Format, recording.Width, recording.Height, recording.Fps);
        return $"{mode}, {recording.Codec} in {recording.Container}";
    }

    private static string Size(Recording recording) => $"{Figures.Elapsed(recording.DurationS)}  {Figures.Bytes(recording.Bytes)}";

    private static string Losses(Recording recording)
    {
        FrameCounts frames = recording.Frames;
        string losses = string.Create(CultureInfo.InvariantCulture, $"{frames.Lost} lost, {frames.Dropped} dropped");
        return frames.Error == 0 ? losses : string.Create(CultureInfo.InvariantCulture, $"{losses}, {frames.Error} with errors");
    }
}
