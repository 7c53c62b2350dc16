using ThatDam.Cli.Output;

namespace ThatDam.Cli.Input;

/// <summary>A file that a command line names, <c>-</c> for standard input.</summary>
internal static class InputFile
{
    /// <summary>What to call it in messages.</summary>
    public static string Name(string path) => path == "-" ? "stdin" : path;

    /// <summary>Opens it for reading.</summary>
    /// <param name="path">Its path, or <c>-</c>.</param>
    /// <param name="terminal">Whose standard input.</param>
    /// <exception cref="FailureException">It is missing, a directory, or cannot be read.</exception>
    public static Stream Open(string path, Terminal terminal)
    {
        if (path == "-")
            return terminal.In();
        if (Directory.Exists(path))
            throw new FailureException(ExitCode.Usage, $"{path}: a directory", "name a file in it");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FailureException(ExitCode.NotFound, $"{path}: no such file", "check its path, or pipe into `-`");
        }
        catch (UnauthorizedAccessException)
        {
            throw new FailureException(ExitCode.Denied, $"{path}: permission denied", $"let {Environment.UserName} read it, or run damctl with sudo");
        }
        catch (IOException e)
        {
            throw new FailureException(ExitCode.Failure, $"{path}: {e.Message}");
        }
    }
}
