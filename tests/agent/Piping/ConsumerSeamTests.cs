using ThatDam.Agent.Capture;
using ThatDam.Agent.Piping;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Pipes;

namespace ThatDam.Agent.Tests.Piping;

/// <summary>One consumer takes the place of another between two frames.</summary>
public sealed unsafe class ConsumerSeamTests : IDisposable
{
    private const int Interval_us = 16_667;

    private static readonly CaptureMode Mode = new()
    {
        Format = "MJPG",
        Width = 64,
        Height = 36,
        Stride = 0,
        FrameBytes = 1024,
        IntervalNumerator = 1,
        IntervalDenominator = 60,
    };

    private readonly EventDescriptor _wake = EventDescriptor.Create();
    private readonly CopyBudget _copies = new(1024);
    private readonly List<PipeReadEnd> _readers = [];
    private uint _sequence;

    [Fact]
    public void Its_first_frame_is_the_one_after_the_others_last()
    {
        using var first = Consumer(after: null);
        using var second = Consumer(first);
        Offer(first, second, frames: 30);
        first.EndAt(50 * Interval_us);
        Offer(first, second, frames: 70);

        Assert.True(first.HandsOver);
        Assert.Equal((50, 50), (first.Counts(0).Captured, second.Counts(0).Captured));
        Assert.Equal(Interval_us, second.First_us - first.Last_us);
        Assert.Equal((0, 0), (first.Counts(0).Lost, second.Counts(0).Lost));
    }

    [Fact]
    public void What_the_camera_loses_between_the_two_counts_as_lost()
    {
        using var first = Consumer(after: null);
        using var second = Consumer(first);
        first.EndAt(10 * Interval_us);
        Offer(first, second, frames: 10);
        _sequence += 3;
        Offer(first, second, frames: 10);

        Assert.Equal((10, 10, 3), (first.Counts(0).Captured, second.Counts(0).Captured, second.Counts(0).Lost));
    }

    [Theory]
    [InlineData(ConsumerStopCause.ReaderGone, 5)]
    [InlineData(ConsumerStopCause.ReaderStuck, 5)]
    [InlineData(ConsumerStopCause.Asked, 0)]
    [InlineData(ConsumerStopCause.DeviceLost, 0)]
    public void It_goes_on_for_one_whose_reader_is_lost_and_for_no_other(ConsumerStopCause cause, int taken)
    {
        using var first = Consumer(after: null);
        using var second = Consumer(first);
        Offer(first, second, frames: 5);
        first.Stop(new ConsumerStop(cause));
        Offer(first, second, frames: 5);
        Assert.Equal((5, taken), (first.Counts(0).Captured, second.Counts(0).Captured));
    }

    private PipeConsumer Consumer(PipeConsumer? after)
    {
        var (read, write) = Pipe.Create(Pipe.UnprivilegedMaximumBytes);
        _readers.Add(read); // room for all of it, so nobody need read
        return new PipeConsumer("one", Mode, new Transport(false, "a test"), write, duration_us: null) { After = after };
    }

    private void Offer(PipeConsumer first, PipeConsumer second, int frames)
    {
        var picture = stackalloc byte[1024];
        (picture[0], picture[1]) = (0xFF, 0xD8);
        var ledger = new BufferLedger(4, mayHold: false, _wake);
        for (var i = 0; i < frames; i++, _sequence++)
        {
            var frame = new CapturedFrame(0, (nint)picture, 1024, _sequence, 1_000_000 + (_sequence * Interval_us), Error: false);
            ledger.Taken(0);
            first.Offer(new FrameOffer(ledger, _copies, frame));
            second.Offer(new FrameOffer(ledger, _copies, frame));
            ledger.Release(0);
            ledger.TryTakeReturned(out _);
        }
    }

    public void Dispose()
    {
        foreach (var reader in _readers)
            reader.Dispose();
        _copies.Dispose();
        _wake.Dispose();
    }
}
