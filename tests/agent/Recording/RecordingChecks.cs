using ThatDam.Agent.Ffmpeg;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Tests.Recording;

/// <summary>What is true of every recording that has ended.</summary>
internal static class RecordingChecks
{
    /// <summary>Each file holds its account and is there, the accounts add up, and each that was told to have started was told to have stopped, once.</summary>
    public static void MustAddUp(this Contract.Recording recording, IReadOnlyList<ContractEvent> events)
    {
        Assert.NotNull(recording.Stopped);
        foreach (var segment in recording.Segments)
        {
            var frames = segment.Frames!;
            Assert.True(frames.Captured - frames.Error - frames.Dropped == frames.Written, $"{segment.File}: {frames}");
            Assert.Equal(new FileInfo(segment.File).Length, segment.Bytes);
            Assert.NotNull(segment.Reason);
        }
        Assert.Equal(recording.Segments.Sum(segment => segment.Frames!.Captured), recording.Frames.Captured);
        Assert.Equal(recording.Segments.Sum(segment => segment.Frames!.Written), recording.Frames.Written);
        Assert.Equal(recording.Segments.Sum(segment => segment.Frames!.Dropped), recording.Frames.Dropped);
        Assert.Equal(recording.Segments.Sum(segment => segment.Frames!.Lost), recording.Frames.Lost);
        Assert.Equal(recording.Segments.Sum(segment => segment.Bytes), recording.Bytes);
        Assert.Equal(Enumerable.Range(1, recording.Segments.Count), recording.Segments.Select(segment => segment.Index));
        var started = events.OfType<CaptureRecordingStarted>().Where(e => e.RecordingId == recording.Id).Select(e => (e.Segment, e.File));
        Assert.Equal(recording.Segments.Select(segment => ((int?)segment.Index, segment.File)), started);
        var stopped = events.OfType<CaptureRecordingStopped>().Where(e => e.RecordingId == recording.Id).ToList();
        Assert.Equal(recording.Segments.Select(segment => (int?)segment.Index), stopped.Select(e => e.Segment).Distinct());
        var final = Assert.Single(stopped, e => e.Final == true);
        Assert.Same(stopped[^1], final);
        Assert.Equal((recording.Segments.Count, recording.Reason), (final.Segment!.Value, final.Reason));
        Assert.Equal(recording.Segments.Where(s => s.Frames!.Written > 0).Select(s => (int?)s.Index), events.OfType<CaptureSegmentCreated>().Where(e => e.RecordingId == recording.Id).Select(e => (int?)e.Segment));
    }

    /// <summary>How many frames a file decodes to.</summary>
    public static async Task<long> DecodedAsync(this RecordingSegment segment)
    {
        var program = FfmpegProgram.Find(new FfmpegOptions());
        var start = new System.Diagnostics.ProcessStartInfo(program.Path, ["-v", "error", "-i", segment.File, "-f", "framecrc", "-"])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        Assert.Equal("", await errors);
        return lines.Count(line => !line.StartsWith('#'));
    }
}
