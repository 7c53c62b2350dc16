using System.Diagnostics;

namespace ThatDam.Media.Tests;

/// <summary>Runs a program that somebody else wrote.</summary>
internal static class Tool
{
    /// <summary>What it printed. Fails when it fails.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException(program);
        process.StandardInput.Close();
        var said = process.StandardError.ReadToEndAsync();
        var printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await said}");
        return printed;
    }
}
