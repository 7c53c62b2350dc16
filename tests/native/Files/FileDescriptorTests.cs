using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Native.Tests.Files;

public sealed class FileDescriptorTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly DirectoryDescriptor _directory;
    private readonly FileDescriptor _file;

    public FileDescriptorTests()
    {
        _directory = DirectoryDescriptor.Open(_scratch.Path);
        _file = _directory.CreateNew("file");
    }

    public void Dispose()
    {
        _file.Dispose();
        _directory.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Writing_at_a_place_leaves_the_position()
    {
        _file.Write("header--"u8);
        _file.WriteAt("HE"u8, 0);
        _file.Write("body"u8);
        _file.DataSync();

        Assert.Equal(12, _file.Position);
        Assert.Equal(12, _file.Length);
        Assert.Equal("HEader--body", File.ReadAllText(_scratch["file"]));
    }

    [Fact]
    public void Reading_at_a_place_stops_at_the_end_of_the_file()
    {
        _file.Write("0123456789"u8);
        Span<byte> read = stackalloc byte[8];

        Assert.Equal(8, _file.ReadAt(read, 0));
        Assert.Equal(2, _file.ReadAt(read, 8));
        Assert.Equal("89"u8, read[..2]);
        Assert.Equal(0, _file.ReadAt(read, 10));
    }

    [Fact]
    public void Allocated_room_does_not_change_the_length()
    {
        Assert.SkipUnless(_file.Allocate(0, 1 << 20), "this file system cannot allocate ahead");

        Assert.Equal(0, _file.Length);
    }

    [Fact]
    public void A_file_cut_off_goes_on_where_it_was_cut()
    {
        _file.Write("0123456789"u8);

        _file.Truncate(4);
        _file.Position = 4;
        _file.Write("!"u8);

        Assert.Equal("0123!", File.ReadAllText(_scratch["file"]));
    }

    [Fact]
    public void A_full_disk_is_an_error_of_its_own()
    {
        using var devices = DirectoryDescriptor.Open("/dev");
        using var full = devices.OpenExisting("full", write: true);

        var problem = Assert.Throws<NativeException>(() => full.Write("x"u8));

        Assert.Equal(Errno.ENOSPC, problem.Errno);
        Assert.Contains("No space left on device", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_opened_for_reading_cannot_be_written()
    {
        using var reader = _directory.OpenExisting("file");

        Assert.Equal(Errno.EBADF, Assert.Throws<NativeException>(() => reader.WriteAt("x"u8, 0)).Errno);
    }
}
