using System.Diagnostics;

namespace ThatDam.EndToEnd.Tests;

/// <summary>What a program that has ended said.</summary>
internal sealed record Said(string Command, int ExitCode, string Stdout, string Stderr)
{
    /// <summary>Fails the test unless the program ended well.</summary>
    public Said MustSucceed()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    /// <summary>Fails the test unless the program ended with this code, and its stderr holds every one of the words.</summary>
    public Said MustFail(int exitCode, params ReadOnlySpan<string> words)
    {
        Assert.True(ExitCode == exitCode, $"expected exit code {exitCode}: {this}");
        foreach (var word in words)
            Assert.True(Stderr.Contains(word, StringComparison.OrdinalIgnoreCase), $"'{word}' is not in what it said: {this}");
        return this;
    }

    public override string ToString() => $"{Command} → {ExitCode}\nstdout: {Stdout}\nstderr: {Stderr}";
}

/// <summary>Runs programs to their end.</summary>
internal static class Command
{
    /// <summary>Runs a program and returns what it said; killed, and the test failed, when it takes longer than a minute.</summary>
    public static Task<Said> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, null);

    /// <summary>The same, with environment variables of its own.</summary>
    public static async Task<Said> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var stdout = process.StandardOutput.ReadToEndAsync();
        var stderr = process.StandardError.ReadToEndAsync();
        var command = $"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList)}";
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"no end after two minutes: {command}\n{await stderr}");
        }

        return new Said(command, process.ExitCode, await stdout, await stderr);
    }
}
