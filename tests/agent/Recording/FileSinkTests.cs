using ThatDam.Agent.Recording;
using ThatDam.Native.Files;
using ThatDam.Native.Pipes;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>From a pipe into a file.</summary>
public sealed class FileSinkTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task A_fault_of_this_program_ends_its_file_and_not_the_daemon()
    {
        using var directory = DirectoryDescriptor.Open(_directory.Path);
        var file = directory.CreateNew("a.mp4");
        var (read, write) = Pipe.Create(4096);
        using var sink = new FileSink("a", read, file, TimeSpan.FromSeconds(2), TimeProvider.System);
        file.Dispose(); // the fault: it is still written to
        using (write)
            write.TryWrite(new byte[100]);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sink.Ended.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    public void Dispose() => _directory.Dispose();
}
