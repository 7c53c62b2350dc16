namespace ThatDam.Contract.Tests;

/// <summary>The sources that these tests belong to.</summary>
internal static class Tree
{
    /// <summary>Where ThatDam.slnx lies: found upwards from the test program.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The path of a file in the tree.</summary>
    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    private static string Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(at.FullName, "ThatDam.slnx")))
                return at.FullName;
        }
        throw new DirectoryNotFoundException($"No ThatDam.slnx above {folder}: run the tests from the tree that they were built in.");
    }
}
