using ThatDam.Agent.Capture;
using ThatDam.Agent.Piping;
using ThatDam.Agent.Tests.Devices;
using ThatDam.Contract;
using ThatDam.Native.Pipes;

namespace ThatDam.Agent.Tests.Piping;

public sealed class PipeConsumerTests : IDisposable
{
    private readonly NutRecording _nut = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ffmpeg_reads_every_frame_whole_and_with_its_time(bool zeroCopy)
    {
        var (file, counts) = await _nut.RecordAsync(NutRecording.Registry(zeroCopy), "one", frames: 90);

        var frames = NutRecording.Decode(file);
        Assert.Equal(counts.Captured - counts.Error - counts.Dropped, frames.Count);
        Assert.Equal(counts.Written, frames.Count);
        Assert.InRange(frames.Count, 88, 91);
        Assert.Equal(counts.Lost, frames[^1].Counter - frames[0].Counter + 1 - frames.Count);
        foreach (var (_, time_us, pts_us) in frames)
            Assert.Equal(time_us - frames[0].Time_us, pts_us);
    }

    [Fact]
    public async Task Three_consumers_of_one_camera_get_the_same_frames()
    {
        var registry = NutRecording.Registry(zeroCopy: true);

        var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => _nut.RecordAsync(registry, $"part{i}", frames: 60)));

        var decoded = all.Select(one => NutRecording.Decode(one.File)).ToList();
        foreach (var (frames, one) in decoded.Zip(all))
            Assert.Equal((long)frames[^1].Counter - frames[0].Counter + 1 - frames.Count, one.Counts.Lost);
        Assert.All(all, one => Assert.Equal(0, one.Counts.Dropped));
        var common = decoded.Select(frames => frames.Select(frame => (frame.Counter, frame.Time_us)).ToHashSet()).ToList();
        Assert.NotEmpty(common[0].Intersect(common[1]).Intersect(common[2]));
    }

    [Fact]
    public async Task A_second_consumer_that_needs_another_mode_is_told_who_has_the_camera()
    {
        var registry = NutRecording.Registry(zeroCopy: true);
        await using var first = await registry.SubscribeAsync(NutRecording.Camera, new ModeRequest(Fps: 60), TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<ProblemException>(
            () => registry.SubscribeAsync(NutRecording.Camera, new ModeRequest(Fps: 30), TestContext.Current.CancellationToken));

        Assert.Equal(409, refusal.Problem.Status);
        Assert.Contains("virtual:0 streams YUYV 640x360 at 60 fps", refusal.Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frames_that_its_reader_had_no_time_for_are_dropped_and_no_hole_of_the_cameras()
    {
        var registry = NutRecording.Registry(zeroCopy: false);
        await using var subscription = await registry.SubscribeAsync(NutRecording.Camera, new ModeRequest(Fps: 60), TestContext.Current.CancellationToken);
        var (read, write) = Pipe.Create(Pipe.UnprivilegedMaximumBytes);
        using (var consumer = new PipeConsumer("one", subscription.Mode, subscription.Transport, write, duration_us: null))
        {
            subscription.Start(consumer);
            // Three seconds of them, long after the copies are used up.
            await CatalogBed.UntilAsync(() => consumer.Counts(0).Dropped > 0, "frames are dropped");
            var until = consumer.Counts(0).Captured + 180;
            await CatalogBed.UntilAsync(() => consumer.Counts(0).Captured > until, "three more seconds of frames have come");
            var reader = Task.Factory.StartNew(() => NutRecording.Drain(read, "/dev/null"), TaskCreationOptions.LongRunning);
            var piped = consumer.Piped;
            await CatalogBed.UntilAsync(() => consumer.Piped > piped + 200, "it goes on");
            Assert.Empty(consumer.Holes);
            consumer.Stop(new ConsumerStop(ConsumerStopCause.Asked));
            subscription.Leave();
            await reader.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => _nut.Dispose();
}
