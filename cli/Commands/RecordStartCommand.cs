using System.CommandLine;
using System.CommandLine.Parsing;

using ThatDam.Cli.Arguments;
using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl record start DEVICE</c></summary>
internal static class RecordStartCommand
{
    public static Verb Create(GlobalOptions options)
    {
        Argument<string> device = Naming.Device();
        Option<string> codec = new Option<string>("--codec")
        {
            Description = "copy keeps a compressed camera's own stream [default: copy for those, else h264]",
            HelpName = "copy|h264|hevc|mjpeg|ffv1",
        }.AcceptOnlyFromAmong("copy", "h264", "hevc", "mjpeg", "ffv1");
        Option<string> container = new Option<string>("--container")
        {
            Description = "The file's format [default: mp4, or mkv where the codec needs it]",
            HelpName = "mp4|mkv",
        }.AcceptOnlyFromAmong("mp4", "mkv");
        var size = Parsed("--size", "WxH", "The picture's size in pixels [default: the camera's best]", FrameSize.Parse);
        var fps = Parsed("--fps", "RATE", "Frames per second [default: the camera's best]", FrameRate.Parse);
        var bitrate = Parsed("--bitrate", "RATE", "For the encoder, such as 4M or 800k; not together with --crf", Bitrate.Parse);
        var crf = Parsed("--crf", "N", "Constant quality for the encoder, 0 (best) to 51", ConstantQuality.Parse);
        var duration = Parsed("--duration", "TIME", "Stop by itself after so much video: 90, 5s, 2m, 1h30m", Duration.Parse);
        var label = Parsed("--label", "TEXT", "Added to the file's name: 1 to 64 of A-Z a-z 0-9 . _ -", Label.Parse);
        var resume = new Option<bool>("--resume")
        {
            Description = "Go on in a further file when the camera was unplugged and is back [default: OnReplug= of its [Camera:…] section]",
        };
        var noResume = new Option<bool>("--no-resume") { Description = "End when the camera is unplugged" };
        var wait = new Option<bool>("--wait")
        {
            Description = "Return when the recording has ended; 1 if it failed. Ctrl-C ends the waiting, not the recording",
        };

        var verb = new Verb(
            "start",
            "Starts a recording; returns when its first frame is in",
            "damctl record start /dev/video0",
            "damctl record start video0 --duration 1h30m --label interview",
            "damctl record start webcam --codec h264 --size 1280x720 --fps 30 --bitrate 4M",
            "damctl record start front-desk --resume",
            "damctl record start virtual:0 --duration 5s --wait -o json")
        {
            device, codec, container, size, fps, bitrate, crf, duration, label, resume, noResume, wait,
        };
        verb.Validators.Add(result =>
        {
            if (result.GetResult(bitrate) is not null && result.GetResult(crf) is not null)
                result.AddError("--bitrate and --crf exclude each other.");
            if (result.GetValue(resume) && result.GetValue(noResume))
                result.AddError("--resume and --no-resume exclude each other.");
        });

        return options.Run(verb, (parsed, run) =>
        {
            Answer started = run.Daemon.Start(new RecordingRequest
            {
                Device = parsed.GetRequiredValue(device),
                Codec = parsed.GetValue(codec),
                Container = parsed.GetValue(container),
                Width = parsed.GetValue(size)?.Width,
                Height = parsed.GetValue(size)?.Height,
                Fps = parsed.GetValue(fps),
                Bitrate = parsed.GetValue(bitrate),
                Crf = parsed.GetValue(crf),
                DurationS = parsed.GetValue(duration),
                Label = parsed.GetValue(label),
                Resume = parsed.GetValue(resume) ? true : parsed.GetValue(noResume) ? false : null,
            });
            return Report(run, started, parsed.GetValue(wait), parsed.GetValue(duration));
        });
    }

    private static Option<T> Parsed<T>(string name, string helpName, string description, Func<ArgumentResult, T> parser) =>
        new(name) { HelpName = helpName, Description = description, CustomParser = parser };

    private static int Report(Invocation run, Answer started, bool wait, double? duration_s)
    {
        if (run.ForPeople)
        {
            Recording recording = started.Read(ContractJson.Default.Recording);
            RecordingText.PrintStarted(run.Terminal, recording);
            string id = PlainText.Of(recording.Id);
            run.Terminal.Out.WriteLine(duration_s is { } seconds
                ? $"  ends by itself after {Figures.Span(seconds)}; before that with `damctl record stop {id}`"
                : $"  stop it with `damctl record stop {id}`");
            run.Terminal.Out.Flush();
        }
        else if (!wait)
        {
            Json.Write(run.Terminal, started, run.Format);
        }

        return wait ? Waiting.ForEnd(run, started.Read(ContractJson.Default.Recording).Id) : ExitCode.Ok;
    }
}
