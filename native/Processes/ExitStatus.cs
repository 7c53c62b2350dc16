using System.Globalization;

namespace ThatDam.Native.Processes;

/// <summary>How a process ended: by itself with a code, or by a signal. Exactly one of the two is set.</summary>
/// <param name="Code">What it gave to exit(3), 0 to 255.</param>
/// <param name="Signal">What killed it.</param>
public sealed record ExitStatus(int? Code, Signal? Signal)
{
    /// <summary>It ended by itself and calls it a success.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>In words: <c>exited with code 1</c>, <c>was killed by SIGKILL</c>.</summary>
    public override string ToString() => Signal is { } signal
        ? $"was killed by {signal}"
        : string.Create(CultureInfo.InvariantCulture, $"exited with code {Code}");
}
