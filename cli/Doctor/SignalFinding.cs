using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Doctor;

/// <summary>A device is well, and gets no picture.</summary>
internal static class SignalFinding
{
    public static IEnumerable<Finding> Of(Examination found, DeviceSummary device)
    {
        if (ModeText.BadSignal(device) is not { } word)
            yield break;
        string input = device.Inputs?.FirstOrDefault(one => one.Current)?.Name is { Length: > 0 } name ? $"its input {name}" : "its input";
        (string cause, string remedy) = Explained(word);
        yield return new Finding(Examination.Subject(device), Severity.Warning, word, $"{input}: {cause}", remedy);
    }

    private static (string Cause, string Remedy) Explained(string word) => word switch
    {
        "no device" => ("the part that takes the picture in does not answer", "look at the device's power and its cable to this machine, and plug it in again"),
        "no power" => ("what is connected to it is switched off", "switch the source on"),
        "no cable" => ("nothing is connected to it, or what is connected is switched off", "connect the source with a cable, at both ends, and switch it on"),
        "no signal" => ("something is connected, and sends nothing", "switch the source on, wake it, and let it send its picture to this output"),
        "no sync" => ("something is sent that it cannot lock to", "try a shorter or better cable, and another mode of the source; copy protection (HDCP) must be off"),
        "out of range" => ("the source sends a size or a rate that the device does not take", "set the source to a smaller size or a lower rate, such as 1920x1080 at 60 Hz"),
        "no carrier" => ("no carrier is received", "connect the antenna or the cable, and choose a channel that is there"),
        "no access" => ("what comes in is encrypted", "let the source send it unencrypted"),
        "no color" => ("the picture comes in without colour", "choose the source's own television standard, and look at the cable"),
        _ => ("the driver says so", "look at the source, its cable and its settings"),
    };
}
