using System.CommandLine;
using System.Globalization;

using ThatDam.Cli.Client;
using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Commands;

/// <summary><c>damctl devices show DEVICE</c></summary>
internal static class DevicesShowCommand
{
    public static Verb Create(GlobalOptions options)
    {
        Argument<string> device = Naming.Device();
        var verb = new Verb(
            "show",
            "One camera: who it is, what it does now, every mode",
            "damctl devices show /dev/video0",
            "damctl devices show 046d:0825-A1B2C3D4-0  # by stable id",
            "damctl devices show front-desk            # by the name that [Camera:front-desk] gives it",
            "damctl devices show webcam                # by part of its name")
        {
            device,
        };
        return options.Run(verb, (parsed, run) =>
        {
            Answer answer = run.Daemon.Device(parsed.GetRequiredValue(device));
            if (run.ForPeople && answer.Read(ContractJson.Default.DeviceSummary) is { } shown)
                Print(run.Terminal, shown, CameraText.Find(run.Daemon, shown.StableId));
            else
                Json.Write(run.Terminal, answer, run.Format);
            return ExitCode.Ok;
        });
    }

    private static void Print(Terminal terminal, DeviceSummary device, CameraStatus? camera)
    {
        terminal.Out.WriteLine(terminal.Paint($"{PlainText.Of(device.Id)}  {PlainText.Of(device.Name)}", Style.Bold));
        string state = ModeText.State(device);
        var fields = new Fields();
        fields.Add("alias", device.Alias);
        fields.Add("", device.Matched, Style.Dim);
        bool told = camera is not null && camera.State == state;
        fields.Add("state", told ? $"{state}, since {terminal.Moment(camera!.Since)}" : state, ModeText.Style(state));
        fields.Add("", told ? camera!.Reason : null, ModeText.Style(state));
        fields.Add("recovery", camera is null ? null : CameraText.Counts(camera.Recovery));
        fields.Add("signal", device.Signal, device.Signal == "ok" ? Style.None : Style.Red);
        fields.Add("problem", device.Problem, Style.Red);
        fields.Add("stable id", device.StableId);
        fields.Add("known by", device.IdentifiedBy);
        fields.Add("serial", device.Serial);
        fields.Add("driver", device.Multiplanar ? $"{device.Driver}, multi-planar" : device.Driver);
        fields.Add("bus", device.Bus);
        fields.Add("kind", device.Role == "capture" ? device.Kind : $"{device.Kind}, {device.Role}");
        fields.Add("audio", device.Capabilities.Audio ? "yes" : null);
        fields.Add("last seen", terminal.Moment(device.LastSeen));
        if (device.Streaming is { } stream)
        {
            string mode = ModeText.Streaming(stream.Format, stream.Width, stream.Height, stream.Fps);
            fields.Add("streaming", string.Create(
                CultureInfo.InvariantCulture,
                $"{mode}, consumers: {stream.Consumers}, buffers: {stream.Buffers}"));
            fields.Add("transport", stream.TransportReason is null ? stream.Transport : $"{stream.Transport}: {stream.TransportReason}");
        }

        AddList(fields, "inputs", device.Inputs.Select(input => string.Create(
            CultureInfo.InvariantCulture,
            $"{(input.Current ? '*' : ' ')} {input.Index} {input.Name}{(input.Signal is null ? "" : $": {input.Signal}")}")));
        AddList(fields, "modes", Modes(device.Modes));
        fields.Write(terminal);
    }

    private static IEnumerable<string> Modes(IReadOnlyList<DeviceMode> modes)
    {
        if (modes.Count == 0)
            yield break;
        int formats = modes.Max(mode => mode.Format.Length);
        int sizes = modes.Max(mode => ModeText.Size(mode).Length);
        foreach (IGrouping<string, DeviceMode> format in modes.GroupBy(mode => mode.Format))
        {
            string name = format.Key;
            foreach (DeviceMode mode in format)
            {
                yield return $"{name.PadRight(formats)}  {ModeText.Size(mode).PadRight(sizes)}  {ModeText.Rates(mode)}";
                name = "";
            }
        }
    }

    private static void AddList(Fields fields, string label, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            fields.Add(label, line);
            label = "";
        }
    }
}
