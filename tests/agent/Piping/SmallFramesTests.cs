using ThatDam.Agent.Capture;
using ThatDam.Agent.Piping;
using ThatDam.Agent.Tests.Capture;
using ThatDam.Native.Pipes;

namespace ThatDam.Agent.Tests.Piping;

/// <summary>More frames in a pipe than a camera has buffers, and a camera that falls silent.</summary>
public sealed class SmallFramesTests
{
    private const int Frames = 100;

    [Fact]
    public async Task A_reader_that_begins_late_reads_what_one_that_never_waited_reads() =>
        Assert.Equal(await StreamAsync(zeroCopy: false), await StreamAsync(zeroCopy: true));

    [Fact]
    public async Task A_camera_that_falls_silent_ends_the_stream_and_says_so()
    {
        await using var subscription = await Registry(zeroCopy: true).SubscribeAsync(NutRecording.Camera, new ModeRequest(), TestContext.Current.CancellationToken);
        var (read, write) = Pipe.Create(Pipe.UnprivilegedMaximumBytes);
        // One that reads: a camera whose buffers nobody gives back cannot deliver.
        var reader = Task.Factory.StartNew(() => NutRecording.Drain(read, "/dev/null"), TaskCreationOptions.LongRunning);
        using (var consumer = new PipeConsumer("one", subscription.Mode, subscription.Transport, write, duration_us: null))
        {
            subscription.Start(consumer);
            var stop = await consumer.Stopped.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

            Assert.Equal(ConsumerStopCause.StreamFailed, stop.Cause);
            Assert.Contains("virtual:0 stalled: no frame for", stop.Detail, StringComparison.Ordinal);
            Assert.Equal(Frames, consumer.Counts(0).Captured);
        }
        await reader.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static SessionRegistry Registry(bool zeroCopy) => NutRecording.Registry(zeroCopy, (_, _) => new FakeCamera(Frames));

    private static async Task<byte[]> StreamAsync(bool zeroCopy)
    {
        await using var subscription = await Registry(zeroCopy).SubscribeAsync(NutRecording.Camera, new ModeRequest(), TestContext.Current.CancellationToken);
        Assert.Equal(zeroCopy, subscription.Transport.ZeroCopy);
        var (read, write) = Pipe.Create(Pipe.UnprivilegedMaximumBytes);
        using (read)
        using (var consumer = new PipeConsumer("one", subscription.Mode, subscription.Transport, write, duration_us: null))
        {
            subscription.Start(consumer);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (consumer.Piped < Frames)
                await Task.Delay(10, limit.Token);
            consumer.Stop(new ConsumerStop(ConsumerStopCause.Asked));
            await consumer.Drained.WaitAsync(limit.Token);

            var stream = new List<byte>();
            var block = new byte[64 * 1024];
            for (long taken; (taken = read.TryRead(block)) > 0;)
                stream.AddRange(block.AsSpan(0, (int)taken));
            return [.. stream];
        }
    }
}
