using System.Diagnostics;

namespace ThatDam.EndToEnd.Tests;

/// <summary>A program that runs until it is disposed.</summary>
internal sealed class Holder : IDisposable
{
    private readonly Process _process;

    public Holder(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
