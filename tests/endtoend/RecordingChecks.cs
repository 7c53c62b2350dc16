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
        return video;
    }
}
