namespace ThatDam.EndToEnd.Tests;

/// <summary>A folder that is gone at the end of the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its path. Everybody may enter it.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("dam-test-").FullName;

    public TemporaryFolder() => File.SetUnixFileMode(Path, (UnixFileMode)0x1ed);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
