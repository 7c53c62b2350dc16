namespace ThatDam.Media.Tests.Mp4;

/// <summary>A finalised file is what ffmpeg makes of the fragmented one by writing it anew: the same packets at the same times, of the same length.</summary>
public sealed class FinalisedMp4Tests : IDisposable
{
    private readonly MediaFolder _folder = new();

    public static readonly TheoryData<string, string[]> Forms = new()
    {
        { "h264", ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=6.3", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-g", "30"] },
        { "h264 with B-frames", ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=7", "-c:v", "libx264", "-preset", "medium", "-bf", "3", "-g", "50"] },
        { "hevc", ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=4", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1", "-g", "30"] },
        { "mjpeg", ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=15:d=5", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"] },
        { "vfr", ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=8", "-vf", "select='not(mod(n\\,7))+not(mod(n\\,4))',setpts='PTS+random(3)*0.012/TB'", "-fps_mode", "passthrough", "-enc_time_base", "-1", "-c:v", "libx264", "-preset", "ultrafast", "-g", "20"] },
        { "a late start", ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=3", "-vf", "setpts=PTS+2.5/TB", "-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "30"] },
        { "audio", ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=5", "-f", "lavfi", "-i", "sine=d=5", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "30", "-c:a", "aac"] },
        { "one frame", ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=30", "-frames:v", "1", "-c:v", "libx264", "-preset", "ultrafast"] },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task It_is_what_a_remux_is(string form, string[] input)
    {
        Assert.NotEmpty(form);
        var fragmented = await _folder.FragmentedAsync(input);
        var final = MediaFolder.Finalised(fragmented);
        var remuxed = await MediaFolder.RemuxedAsync(fragmented);
        Assert.Equal(await MediaFolder.PacketsAsync(remuxed), await MediaFolder.PacketsAsync(final));
        await MediaFolder.MustBeAlikeAsync(remuxed, final);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Its_media_lies_where_it_lay(string form, string[] input)
    {
        Assert.NotEmpty(form);
        var fragmented = await _folder.FragmentedAsync(input);
        var before = await File.ReadAllBytesAsync(fragmented, TestContext.Current.CancellationToken);
        var after = await File.ReadAllBytesAsync(MediaFolder.Finalised(fragmented), TestContext.Current.CancellationToken);
        var moov = before.AsSpan().IndexOf("moov"u8) - 4;
        Assert.Equal(before[..moov], after[..moov]);
        Assert.Equal(before[(moov + 16)..], after[(moov + 16)..before.Length]);
        Assert.Equal("mdat"u8, after.AsSpan(moov + 4, 4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(777)]
    [InlineData(65536)]
    public async Task Followed_in_steps_it_comes_to_the_same(long step)
    {
        var fragmented = await _folder.FragmentedAsync(Forms.First().Data.Item2);
        var at_once = await File.ReadAllBytesAsync(MediaFolder.Finalised(fragmented), TestContext.Current.CancellationToken);
        Assert.Equal(at_once, await File.ReadAllBytesAsync(MediaFolder.Finalised(fragmented, step), TestContext.Current.CancellationToken));
    }

    public void Dispose() => _folder.Dispose();
}
