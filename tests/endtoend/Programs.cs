namespace ThatDam.EndToEnd.Tests;

/// <summary>Where the programs under test lie: <c>THATDAM_PROGRAMS</c>, else artifacts/programs, as packaging/publish.sh makes them.</summary>
internal static class Programs
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("THATDAM_PROGRAMS") is { Length: > 0 } named
        ? named
        : Path.Combine(Tree, "artifacts/programs");

    /// <summary>The daemon.</summary>
    public static string Daemon => Found("thatdam-capture");

    /// <summary>The command line.</summary>
    public static string Damctl => Found("damctl");

    /// <summary>The project's folder.</summary>
    public static string Tree
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "ThatDam.slnx")))
                    return folder.FullName;
            throw new InvalidOperationException("these tests run from a folder below ThatDam.slnx");
        }
    }

    /// <summary>Whether the long tests run at their full length.</summary>
    public static bool FullLength => Environment.GetEnvironmentVariable("THATDAM_FULL") is { Length: > 0 };

    private static string Found(string name)
    {
        var path = Path.Combine(Folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"no {path}: run packaging/publish.sh {Folder}", path);
    }
}
