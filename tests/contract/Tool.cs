using System.Diagnostics;

namespace ThatDam.Contract.Tests;

/// <summary>The scripts in tools/: an AsyncAPI parser and a JSON Schema validator of others.</summary>
internal static class Tool
{
    // Its first run installs its packages.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">Its name, such as <c>check.mjs</c>.</param>
    /// <param name="stdin">What it reads.</param>
    /// <param name="options">Its options.</param>
    /// <returns>Its exit code, and what it said.</returns>
    public static async Task<(int ExitCode, string Stdout, string Stderr)> RunAsync(string script, string stdin = "", params string[] options)
    {
        var start = new ProcessStartInfo(Tree.Path("tests/contract/tools/tool.sh"), [script, .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Limit);
        var stdout = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var stderr = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.StandardInput.WriteAsync(stdin.AsMemory(), deadline.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await stdout, await stderr);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{script} did not end within {Limit}.");
        }
    }
}
