using System.Runtime.CompilerServices;

namespace ThatDam.Tests;

/// <summary>
/// Text compared with a file beside the test, in the convention of the Verify packages: <c>Class.Method.verified.txt</c> is what it shall be,
/// <c>Class.Method.received.txt</c> is what it was. To accept a change, rename the one to the other.
/// </summary>
internal static class Snapshot
{
    /// <summary>Fails unless the text is the verified one.</summary>
    /// <param name="text">What came out.</param>
    /// <param name="parameter">Told apart by this where one test method has several.</param>
    /// <param name="file">The test's source file.</param>
    /// <param name="method">The test's method.</param>
    public static void Matches(string text, string? parameter = null, [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        string stem = Path.Combine(
            Path.GetDirectoryName(file)!,
            $"{Path.GetFileNameWithoutExtension(file)}.{method}{(parameter is null ? "" : $"_{parameter}")}");
        string verifiedPath = $"{stem}.verified.txt";
        string receivedPath = $"{stem}.received.txt";
        string verified = File.Exists(verifiedPath) ? File.ReadAllText(verifiedPath) : "";
        if (text == verified)
        {
            File.Delete(receivedPath);
            return;
        }

        File.WriteAllText(receivedPath, text);
        Assert.Fail($"{Path.GetFileName(receivedPath)} is not {Path.GetFileName(verifiedPath)}:\n--- verified\n{verified}\n--- received\n{text}");
    }
}
