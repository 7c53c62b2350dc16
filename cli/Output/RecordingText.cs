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
        fields.Add("device", ModeText.Named(recording.Device, recording.Alias));
        fields.Add("mode", Mode(recording));
        fields.Add(
            "shared",
            recording.SharedMode ? "the camera was streaming already, so this recording shares its mode" : null,
            Style.Yellow);
        fields.Add("file", recording.File);
        fields.Add("start", recording.WarmStart ? "warm ffmpeg" : "cold ffmpeg");
        fields.Add("transport", recording.Transport);
        fields.Add("resume", recording.Resume ? "goes on in a further file when the camera was unplugged and is back" : null);
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
        fields.Add("alias", recording.Alias);
        fields.Add("device", recording.StableId is null ? recording.Device : $"{recording.Device} ({recording.StableId})");
        fields.Add("mode", Mode(recording));
        fields.Add("shared", recording.SharedMode ? "the mode of a stream that ran already" : null);
        fields.Add("label", recording.Label);
        fields.Add("resume", recording.Resume ? "when the camera is back" : null);
        fields.Add("started", terminal.Moment(recording.Started));
        fields.Add("stopped", recording.Stopped is { } stopped ? terminal.Moment(stopped) : null);
        fields.Add("time", Figures.Elapsed(recording.DurationS));
        fields.Add("frames", string.Create(
            CultureInfo.InvariantCulture,
            $"captured {frames.Captured}, lost {frames.Lost}, error {frames.Error}, dropped {frames.Dropped}, written {frames.Written}"));
        fields.Add("start", recording.WarmStart ? "warm ffmpeg" : "cold ffmpeg");
        fields.Add("transport", recording.Transport);
        AddFiles(fields, recording);
        AddGaps(fields, terminal, recording.Gaps ?? []); // null from a daemon that does not tell
        fields.Write(terminal);
    }

    /// <summary>One line on one that has ended.</summary>
    public static string Ended(Recording recording)
    {
        string frames = Account(recording.Frames);
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
            $"{ModeText.Named(recording.Device, recording.Alias)}{state}  {Size(recording)}  {measuredFps:0.0} fps  {Losses(recording.Frames)}  {recording.Id}"));
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

    private static void AddFiles(Fields fields, Recording recording)
    {
        if (recording.Segments is not { Count: > 1 } segments)
        {
            fields.Add("file", $"{recording.File}, {Figures.Bytes(recording.Bytes)}");
            return;
        }

        string label = "files";
        foreach (RecordingSegment segment in segments)
        {
            string line = $"{Figures.Count(segment.Index)}  {segment.File}, {Figures.Bytes(segment.Bytes)}, {Figures.Elapsed(segment.DurationS)}";
            if (segment.Frames is { } frames)
                line += $", {Account(frames)}";
            fields.Add(label, segment.Reason is null ? line : $"{line} ({segment.Reason})");
            fields.Add("", segment.Error, Style.Red);
            label = "";
        }
    }

    private static void AddGaps(Fields fields, Terminal terminal, IReadOnlyList<RecordingGap> gaps)
    {
        string label = "gaps";
        foreach (RecordingGap gap in gaps)
        {
            string length = gap.LengthS is { } seconds ? Figures.Span(seconds) : "lasts still";
            fields.Add(label, $"after {Figures.Count(gap.After)}  {terminal.Moment(gap.Started)}, {length} ({gap.Reason})", Style.Yellow);
            label = "";
        }
    }

    private static string Account(FrameCounts frames) => $"{Figures.Count(frames.Written)} frames, {Losses(frames)}";

    private static string Losses(FrameCounts frames)
    {
        string losses = string.Create(CultureInfo.InvariantCulture, $"{frames.Lost} lost, {frames.Dropped} dropped");
        return frames.Error == 0 ? losses : string.Create(CultureInfo.InvariantCulture, $"{losses}, {frames.Error} with errors");
    }
}
