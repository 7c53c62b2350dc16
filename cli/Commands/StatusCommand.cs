using System.Globalization;

using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl status</c></summary>
internal static class StatusCommand
{
    public static Verb Create(GlobalOptions options) => options.Run(
        new Verb(
            "status",
            "The daemon's own state: output directory, ffmpeg, encoders, cameras, events, counts",
            "damctl status",
            "damctl status -o json | jq .ffmpeg.encoders"),
        (_, run) =>
        {
            Answer answer = run.Daemon.Status();
            if (run.ForPeople)
                Print(run.Terminal, answer.Read(ContractJson.Default.AgentStatus), run.Daemon.SocketPath);
            else
                Json.Write(run.Terminal, answer, run.Format);
            return ExitCode.Ok;
        });

    private static void Print(Terminal terminal, AgentStatus status, string socketPath)
    {
        terminal.Out.WriteLine(terminal.Paint($"thatdam-capture {PlainText.Of(status.Version)}", Style.Bold));
        var fields = new Fields();
        fields.Add("running", string.Create(
            CultureInfo.InvariantCulture,
            $"{Figures.Span(status.UptimeS)}, since {terminal.Moment(status.Started)}, pid {status.Pid}"));
        fields.Add("socket", socketPath);
        fields.Add("devices", Figures.Count(status.Devices));
        if (status.Watch is { } watch)
        {
            fields.Add("watch", $"{watch.Source}; messages: {Figures.Count(watch.Accepted)} accepted, {Figures.Count(watch.Refused)} refused; "
                + $"overruns: {Figures.Count(watch.Overruns)}");
            fields.Add("", watch.Problem, Style.Red);
        }

        string label = "cameras";
        foreach (CameraStatus camera in CameraText.Of(status))
        {
            fields.Add(label, CameraText.Line(terminal, camera), ModeText.Style(camera.State));
            label = "";
        }

        fields.Add("recording", Figures.Count(status.ActiveRecordings));
        fields.Add("output", Both(status.Output.Path, status.Output.FreeBytes is { } free ? $"{Figures.Bytes(free)} free" : null));
        fields.Add("", status.Output.Problem, Style.Red);
        fields.Add("ffmpeg", status.Ffmpeg.Path is null ? "none" : Both(status.Ffmpeg.Path, status.Ffmpeg.Version));
        fields.Add("", status.Ffmpeg.Problem, Style.Red);
        fields.Add("encoders", Encoders(status.Ffmpeg));
        foreach (EncoderStatus encoder in status.Ffmpeg.Encoders.Where(encoder => !encoder.Works))
            fields.Add("", $"{encoder.Name} does not work: {encoder.Problem ?? "no frames came out"}", Style.Dim);
        PoolStatus pool = status.Ffmpeg.Pool;
        fields.Add("pool", string.Create(
            CultureInfo.InvariantCulture,
            $"{pool.Warm} warm, {pool.Size} kept for each profile; starts: {pool.Hits} warm, {pool.Misses} cold"));
        fields.Add("events", status.Events is { } events ? BrokerText.Line(events) : null);
        fields.Add("", status.Events?.Problem, Style.Red);
        fields.Write(terminal);
    }

    private static string Both(string first, string? second) => second is null ? first : $"{first}, {second}";

    private static string Encoders(FfmpegStatus ffmpeg)
    {
        string[] working = [.. ffmpeg.Encoders.Where(encoder => encoder.Works).Select(encoder => $"{encoder.Codec} ({encoder.Name})")];
        if (working.Length > 0)
            return string.Join(", ", working) + (ffmpeg.Probed ? "" : ", still trying");
        return ffmpeg.Probed ? "none" : "not tried yet";
    }
}
