using System.Buffers.Binary;

namespace ThatDam.Media.Tests.Mp4;

/// <summary>A file of many hours and more than 4 GiB: most of its bytes are a hole.</summary>
public sealed class LongMp4Tests : IDisposable
{
    private const long Hole = 400L * 1024 * 1024;
    private const int Seconds = 13; // one each twenty minutes
    private const long Between_us = 1200L * 1_000_000;
    private readonly MediaFolder _folder = new();

    [Fact]
    public async Task It_is_what_a_remux_is()
    {
        var second = await _folder.FragmentedAsync("-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=1", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "30");
        var path = _folder["long.mp4"];
        await WriteAsync(await File.ReadAllBytesAsync(second, TestContext.Current.CancellationToken), path);
        var remuxed = await MediaFolder.RemuxedAsync(path);
        using (var mp4 = new OpenMp4(path))
        {
            mp4.Mp4.Follow(mp4.File.Length);
            Assert.InRange((mp4.Mp4.Duration - TimeSpan.FromMicroseconds((Seconds - 1) * Between_us)).TotalSeconds, 0.9, 1.1);
            Assert.True(mp4.Mp4.Finalise() > 4L * 1024 * 1024 * 1024);
        }
        Assert.Equal(await MediaFolder.PacketsAsync(remuxed), await MediaFolder.PacketsAsync(path));
        await MediaFolder.MustBeAlikeAsync(remuxed, path);
    }

    // A second of video, and a hole after it in the same mdat.
    private static async Task WriteAsync(byte[] second, string path)
    {
        var moof = second.AsSpan().IndexOf("moof"u8) - 4;
        var mdat = second.AsSpan().LastIndexOf("mdat"u8) - 4;
        var media = BinaryPrimitives.ReadInt32BigEndian(second.AsSpan(mdat));
        await using var file = File.Create(path);
        await file.WriteAsync(second.AsMemory(0, moof));
        for (var i = 0; i < Seconds; i++)
        {
            var fragment = second[moof..(mdat + media)];
            var tfdt = fragment.AsSpan().IndexOf("tfdt"u8) + 4;
            Assert.Equal(1, fragment[tfdt]); // 64 bits
            BinaryPrimitives.WriteInt64BigEndian(fragment.AsSpan(tfdt + 4), i * Between_us);
            BinaryPrimitives.WriteUInt32BigEndian(fragment.AsSpan(mdat - moof), (uint)(media + Hole));
            await file.WriteAsync(fragment);
            file.SetLength(file.Position + Hole);
            file.Position += Hole;
        }
    }

    public void Dispose() => _folder.Dispose();
}
