using System.Text;

using ThatDam.Cli.Output;
using ThatDam.Contract;

namespace ThatDam.Cli.Input;

/// <summary>Files of an audit log, or copies of them, checked without the daemon. Only the daemon knows where the log ends: lines that were cut off at its end are not found here.</summary>
internal static class AuditCopy
{
    private const int PageBytes = 64 << 10;

    /// <summary>Checks them.</summary>
    /// <param name="paths">The files, in any order, for each says where in the chain it begins; or <c>-</c> for standard input.</param>
    /// <param name="terminal">Whose standard input.</param>
    /// <exception cref="FailureException">A file is missing, a directory, or cannot be read.</exception>
    public static AuditReport Verify(IReadOnlyList<string> paths, Terminal terminal)
    {
        var verifier = new AuditVerifier();
        byte[] page = new byte[PageBytes];
        if (!paths.Contains("-"))
            paths = [.. paths.OrderBy(path => First(path, terminal))];
        foreach (string path in paths)
        {
            using Stream stream = InputFile.Open(path, terminal);
            verifier.Begin(InputFile.Name(path));
            for (int got = stream.Read(page); got > 0; got = stream.Read(page))
                verifier.Feed(page.AsSpan(0, got));
        }
        return verifier.Report(InputFile.Name(paths[^1]), shortened: true);
    }

    // The number of a file's first line; one that has none goes last, to be told as it is.
    private static long First(string path, Terminal terminal)
    {
        using var reader = new StreamReader(InputFile.Open(path, terminal));
        return AuditChain.TryRead(Encoding.UTF8.GetBytes(reader.ReadLine() ?? ""), out long number, out _) ? number : long.MaxValue;
    }
}
