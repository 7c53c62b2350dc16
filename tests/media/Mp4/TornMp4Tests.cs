using ThatDam.Media.Mp4;

namespace ThatDam.Media.Tests.Mp4;

/// <summary>A file that ends anywhere, as a crash leaves it, or is damaged: what is whole is kept.</summary>
public sealed class TornMp4Tests : IDisposable
{
    private readonly MediaFolder _folder = new();

    [Fact]
    public async Task Cut_off_anywhere_every_whole_fragment_is_in_it()
    {
        var whole = await _folder.FragmentedAsync(FinalisedMp4Tests.Forms.First().Data.Item2);
        var packets = await MediaFolder.PacketsAsync(MediaFolder.Finalised(whole));
        var bytes = await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken);
        var ends = Ends(bytes);
        var random = new Random(7);
        var seen = 0;
        foreach (var length in (int[])[.. ends.Select(end => end.At), .. ends.Select(end => end.At - 1), .. Enumerable.Range(0, 40).Select(_ => random.Next(bytes.Length))])
        {
            var torn = _folder["torn.mp4"];
            await File.WriteAllBytesAsync(torn, bytes[..length], TestContext.Current.CancellationToken);
            var expected = ends.LastOrDefault(end => end.At <= length).Samples;
            if (expected == 0)
            {
                Assert.Throws<Mp4Exception>(() => MediaFolder.Finalised(torn));
                continue;
            }
            // The last one's length is what the fragment says; in the whole file it is what the next one's time says.
            var found = await MediaFolder.PacketsAsync(MediaFolder.Finalised(torn));
            Assert.Equal(expected, found.Length);
            Assert.Equal(packets[..(expected - 1)], found[..^1]);
            seen++;
        }
        Assert.True(seen > 20, $"{seen}");
    }

    [Fact]
    public async Task Damaged_in_the_middle_nothing_of_it_is_cut()
    {
        var path = await _folder.FragmentedAsync(FinalisedMp4Tests.Forms.First().Data.Item2);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var ends = Ends(bytes);
        bytes.AsSpan(ends[1].At, 8).Clear();
        bytes[ends[1].At + 3] = 5; // a box shorter than its own head
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        using (var mp4 = new OpenMp4(path))
        {
            var e = Assert.Throws<Mp4Exception>(() => mp4.Mp4.Follow(bytes.Length));
            Assert.Contains($"byte {ends[1].At}", e.Message, StringComparison.Ordinal);
            Assert.True(mp4.Mp4.Finalise() > bytes.Length);
        }
        Assert.Equal(ends[1].Samples, (await MediaFolder.PacketsAsync(path)).Length);
        Assert.Equal(bytes[ends[1].At..], (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken))[ends[1].At..bytes.Length]);
    }

    [Fact]
    public async Task One_that_was_finalised_halfway_is_finalised()
    {
        var path = await _folder.FragmentedAsync(FinalisedMp4Tests.Forms.First().Data.Item2);
        var final = await File.ReadAllBytesAsync(MediaFolder.Finalised(path), TestContext.Current.CancellationToken);
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var moov = before.AsSpan().IndexOf("moov"u8) - 4;
        // The index is written, and the head of the media is not.
        var halfway = (byte[])final.Clone();
        before.AsSpan(moov, 16).CopyTo(halfway.AsSpan(moov));
        await File.WriteAllBytesAsync(path, halfway, TestContext.Current.CancellationToken);
        var again = await File.ReadAllBytesAsync(MediaFolder.Finalised(path), TestContext.Current.CancellationToken);
        Assert.Equal(halfway[(moov + 16)..], again[(moov + 16)..halfway.Length]);
        Assert.Equal(await MediaFolder.PacketsAsync(path + ".final.mp4"), await MediaFolder.PacketsAsync(await WrittenAsync(final)));
    }

    [Fact]
    public async Task A_length_that_leads_past_the_end_cuts_nothing_either()
    {
        var path = await _folder.FragmentedAsync(FinalisedMp4Tests.Forms.First().Data.Item2);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var second = Ends(bytes)[1];
        bytes[second.At] = 0x7F; // the third moof is two gigabytes long
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        var moov = bytes.AsSpan().IndexOf("moov"u8) - 4;
        var final = await File.ReadAllBytesAsync(MediaFolder.Finalised(path), TestContext.Current.CancellationToken);
        Assert.Equal(bytes[(moov + 16)..], final[(moov + 16)..bytes.Length]);
        Assert.Equal(second.Samples, (await MediaFolder.PacketsAsync(path + ".final.mp4")).Length);
    }

    [Theory]
    [InlineData("frag_keyframe+default_base_moof", "its first samples are in the head")]
    public async Task A_form_that_is_not_known_is_refused(string flags, string reason)
    {
        var path = _folder["other.mp4"];
        await Tool.RunAsync("ffmpeg", "-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=3", "-c:v", "libx264", "-g", "30", "-movflags", flags, path);
        await MustBeRefusedAsync(path, reason);
    }

    [Fact]
    public async Task Two_files_one_behind_the_other_are_refused()
    {
        var one = await File.ReadAllBytesAsync(await _folder.FragmentedAsync(FinalisedMp4Tests.Forms.First().Data.Item2), TestContext.Current.CancellationToken);
        await MustBeRefusedAsync(await WrittenAsync([.. one, .. one]), "second head");
    }

    private static async Task MustBeRefusedAsync(string path, string reason)
    {
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        using var mp4 = new OpenMp4(path);
        Assert.Contains(reason, Assert.Throws<Mp4Exception>(() => mp4.Mp4.Follow(before.Length)).Message, StringComparison.Ordinal);
        Assert.Throws<Mp4Exception>(() => mp4.Mp4.Finalise());
        Assert.Equal(before.Length, mp4.File.Length);
    }

    private async Task<string> WrittenAsync(byte[] bytes)
    {
        var path = _folder["written.mp4"];
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        return path;
    }

    [Theory]
    [InlineData(new byte[0], "holds no whole fragment")]
    [InlineData(new byte[] { 1, 2, 3 }, "holds no whole fragment")]
    [InlineData(new byte[] { 0x1A, 0x45, 0xDF, 0xA3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "begins with")]
    public void What_is_none_is_told(byte[] bytes, string reason)
    {
        File.WriteAllBytes(_folder["no.mp4"], bytes);
        Assert.Contains(reason, Assert.Throws<Mp4Exception>(() => MediaFolder.Finalised(_folder["no.mp4"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_ordinary_is_told()
    {
        var ordinary = MediaFolder.Finalised(await _folder.FragmentedAsync(FinalisedMp4Tests.Forms.First().Data.Item2));
        using var mp4 = new OpenMp4(ordinary);
        Assert.Contains("not fragmented", Assert.Throws<Mp4Exception>(() => mp4.Mp4.Follow(mp4.File.Length)).Message, StringComparison.Ordinal);
        Assert.Equal(189, OrdinaryMp4.Samples(mp4.File));
    }

    /// <summary>Where each fragment ends, and how many samples there are by then; by a reading of our own.</summary>
    private static List<(int At, int Samples)> Ends(byte[] bytes)
    {
        var ends = new List<(int, int)>();
        var samples = 0;
        for (var at = 0; at < bytes.Length;)
        {
            var size = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            var type = System.Text.Encoding.Latin1.GetString(bytes, at + 4, 4);
            if (type == "moof")
            {
                var trun = bytes.AsSpan(at, size).IndexOf("trun"u8);
                samples += System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + trun + 8));
            }
            at += size;
            if (type == "mdat")
                ends.Add((at, samples));
        }
        return ends;
    }

    public void Dispose() => _folder.Dispose();
}
