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
        (string cause, string remedy) = SignalAdvice.Of(word);
        yield return new Finding(Examination.Subject(device), Severity.Warning, word, $"{input}: {cause}", remedy);
    }
}
