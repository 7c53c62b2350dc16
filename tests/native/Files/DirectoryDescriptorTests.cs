using System.Runtime.Versioning;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Native.Tests.Files;

[SupportedOSPlatform("linux")]
public sealed class DirectoryDescriptorTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly DirectoryDescriptor _directory;

    public DirectoryDescriptorTests() => _directory = DirectoryDescriptor.Open(_scratch.Path);

    public void Dispose()
    {
        _directory.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void A_new_file_is_private_to_its_group_and_never_follows_an_earlier_one()
    {
        using (var file = _directory.CreateNew("a.mp4"))
            Assert.Equal(_scratch["a.mp4"], file.Name);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(_scratch["a.mp4"]));
        Assert.Equal(Errno.EEXIST, Fails(() => _directory.CreateNew("a.mp4")));
    }

    [Theory]
    [InlineData("../escaped.mp4")]
    [InlineData("/tmp/escaped.mp4")]
    [InlineData("below/../../escaped.mp4")]
    public void A_name_that_leads_out_of_the_directory_is_refused(string name)
    {
        Directory.CreateDirectory(_scratch["below"]);

        Assert.Equal(Errno.EXDEV, Fails(() => _directory.CreateNew(name)));
        Assert.Equal(Errno.EXDEV, Fails(() => _directory.OpenExisting(name)));
    }

    [Fact]
    public void A_symbolic_link_is_refused_for_making_and_for_opening()
    {
        using var elsewhere = new ScratchDirectory();
        File.WriteAllText(elsewhere["secret"], "secret");
        File.CreateSymbolicLink(_scratch["link"], elsewhere["secret"]);
        File.CreateSymbolicLink(_scratch["dangling"], elsewhere["nothing"]);
        Directory.CreateSymbolicLink(_scratch["directory"], elsewhere.Path);

        Assert.Equal(Errno.EEXIST, Fails(() => _directory.CreateNew("dangling")));
        Assert.Equal(Errno.ELOOP, Fails(() => _directory.OpenExisting("link")));
        Assert.Equal(Errno.ELOOP, Fails(() => _directory.CreateNew("directory/new")));
        Assert.False(File.Exists(elsewhere["nothing"]));
    }

    [Fact]
    public void A_file_that_is_gone_and_a_directory_that_is_none_are_told_apart()
    {
        File.WriteAllText(_scratch["file"], "");

        Assert.Equal(Errno.ENOENT, Fails(() => _directory.OpenExisting("nothing")));
        Assert.Equal(Errno.ENOTDIR, Fails(() => DirectoryDescriptor.Open(_scratch["file"])));
        var missing = Assert.Throws<NativeException>(() => DirectoryDescriptor.Open(_scratch["nothing"]));
        Assert.Equal(Errno.ENOENT, missing.Errno);
        Assert.Equal(_scratch["nothing"], missing.Target);
    }

    [Fact]
    public void A_removed_file_is_gone_from_the_directory()
    {
        _directory.CreateNew("a").Dispose();
        _directory.Sync();

        _directory.Remove("a");

        Assert.False(File.Exists(_scratch["a"]));
        Assert.Equal(Errno.ENOENT, Fails(() => _directory.Remove("a")));
    }

    [Fact]
    public void Space_is_what_the_file_system_says()
    {
        var space = _directory.Space();

        Assert.InRange(space.FreeBytes, 1, space.TotalBytes);
        Assert.Equal(new DriveInfo(_scratch.Path).TotalSize, space.TotalBytes);
    }

    private static Errno Fails(Action action) => Assert.Throws<NativeException>(action).Errno;
}
