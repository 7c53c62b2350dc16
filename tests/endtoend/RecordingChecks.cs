using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>What is true of every recording that ended well.</summary>
internal static class RecordingChecks
{
    /// <summary>
    /// Decodes its file without error, and holds the account: frames in the file = written, captured − error − dropped = written.
    /// </summary>
    public static async Task<Video> MustBeWholeAsync(this Recording recording)
    {
        Assert.True(recording.State == "stopped", $"{recording.State}: {recording.Error}");
        Assert.Null(recording.Error);
        var video = await Video.ReadAsync(recording.File);
        Assert.Equal("", video.Errors);
        var frames = recording.Frames;
        Assert.True(frames.Captured > 0, frames.ToString());
        Assert.True(frames.Captured - frames.Error - frames.Dropped == frames.Written, frames.ToString());
        Assert.Equal(frames.Written, video.Frames);
        Assert.Equal(frames.Written, video.Times_s.Length);
        Assert.Equal((recording.Width, recording.Height), (video.Width, video.Height));
        Assert.Equal(new FileInfo(recording.File).Length, recording.Bytes);
        var segment = Assert.Single(recording.Segments);
        Assert.Equal(recording.File, segment.File);
        Assert.Equal(recording.Bytes, segment.Bytes);
        MustBeOrdinary(recording.File);
        return video;
    }

    /// <summary>An MP4 is an ordinary one: its media in one box, its index behind it (ISO/IEC 14496-12). Matroska is what it is.</summary>
    public static void MustBeOrdinary(string path)
    {
        if (Path.GetExtension(path) != ".mp4")
            return;
        var boxes = new List<string>();
        using var file = File.OpenRead(path);
        var head = new byte[16];
        for (long at = 0; at < file.Length;)
        {
            file.Position = at;
            file.ReadAtLeast(head, 16, throwOnEndOfStream: false);
            boxes.Add(System.Text.Encoding.Latin1.GetString(head, 4, 4));
            var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head);
            at += length == 1 ? System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(8)) : length;
        }
        Assert.Equal(["ftyp", "mdat", "moov"], boxes);
    }

    /// <summary>
    /// The same of a recording of several files: each decodes and holds its account, the accounts add up to the recording's, and between
    /// two files there is a gap that was told.
    /// </summary>
    public static async Task<IReadOnlyList<Video>> MustBeWholeInPartsAsync(this Recording recording)
    {
        Assert.True(recording.State == "stopped", $"{recording.State}: {recording.Error}");
        Assert.Equal(recording.Segments[0].File, recording.File);
        Assert.Equal(Enumerable.Range(1, recording.Segments.Count), recording.Segments.Select(s => s.Index));
        Assert.Equal(recording.Segments.Count, recording.Segments.Select(s => s.File).Distinct().Count());
        var videos = new List<Video>();
        foreach (var segment in recording.Segments)
        {
            if (segment is { Index: > 1, Frames.Written: 0 })
            {
                Assert.False(File.Exists(segment.File), $"{segment.File} holds no frame and was left");
                continue;
            }
            var video = await Video.ReadAsync(segment.File);
            Assert.True(video.Errors.Length == 0, $"{segment.File}: {video.Errors}");
            var frames = segment.Frames!;
            Assert.True(frames.Captured > 0 && frames.Captured - frames.Error - frames.Dropped == frames.Written, $"{segment.File}: {frames}");
            Assert.Equal((frames.Written, new FileInfo(segment.File).Length), (video.Frames, segment.Bytes));
            MustBeOrdinary(segment.File);
            videos.Add(video);
        }
        Assert.Equal((Sum(f => f.Captured), Sum(f => f.Error), Sum(f => f.Dropped), Sum(f => f.Written), Sum(f => f.Lost)),
            (recording.Frames.Captured, recording.Frames.Error, recording.Frames.Dropped, recording.Frames.Written, recording.Frames.Lost));
        Assert.Equal(recording.Segments.Sum(s => s.Bytes), recording.Bytes);
        // A file whose time was up is followed at once.
        foreach (var segment in recording.Segments.SkipLast(1).Where(s => s.Reason != "segment" && s.Frames!.Written > 0))
        {
            var gap = Assert.Single(recording.Gaps, gap => gap.After == segment.Index);
            Assert.Equal(segment.Reason, gap.Reason);
            Assert.True(gap.LengthS > 0, gap.ToString());
        }
        return videos;

        long Sum(Func<FrameCounts, long> of) => recording.Segments.Sum(s => of(s.Frames!));
    }
}
