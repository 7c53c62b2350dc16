using ThatDam.Agent.Capture;
using ThatDam.Agent.Tests.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Tests.Capture;

/// <summary>What a stream does, and what is told of it. The cameras are fakes.</summary>
public sealed class CaptureSessionTests : IAsyncLifetime
{
    private readonly CameraBed _bed = new();

    public async ValueTask InitializeAsync() => await _bed.PlugAsync();

    [Fact]
    public async Task It_streams_from_its_first_frame_on_and_is_closed_when_the_last_has_left()
    {
        var subscription = await _bed.Sessions.SubscribeAsync(_bed.Camera, new ModeRequest(), CancellationToken.None);
        await using (var second = await _bed.Sessions.SubscribeAsync(_bed.Camera, new ModeRequest(), CancellationToken.None))
            Assert.Equal(["opening"], _bed.States_);
        subscription.Start(new FakeConsumer(0));
        await _bed.UntilAsync(CameraState.Streaming);
        await subscription.DisposeAsync();
        Assert.Equal(["opening", "streaming", "closed"], _bed.States_);
    }

    [Fact]
    public async Task A_stream_that_stalls_is_started_again_without_the_buffers_that_are_kept()
    {
        _bed.Openings.Enqueue(() => new FakeCamera(20) { FramesAfterRestart = int.MaxValue });
        var (subscription, consumer) = await _bed.StreamAsync(hold: 2);
        await CatalogBed.UntilAsync(() => _bed.States_ is ["opening", "streaming", "stalled", "streaming"], "stalled and streaming again");
        Assert.Equal(1, _bed.Count("restart"));
        Assert.Equal([0, 1], _bed.Opened[0].OutAtRestart);
        Assert.False(consumer.Ended.IsCompleted);
        Assert.StartsWith("no frame for 2.", _bed.Moves.Single(move => move.To == CameraState.Stalled).Reason, StringComparison.Ordinal);
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task One_that_stays_silent_ends_and_gives_the_device_up()
    {
        _bed.Openings.Enqueue(() => new FakeCamera(20));
        var (subscription, consumer) = await _bed.StreamAsync(hold: 1);
        var end = await consumer.Ended;
        Assert.Equal(StreamEndCause.Failed, end.Cause);
        Assert.Contains("stalled: no frame for 5.", end.Detail, StringComparison.Ordinal);
        Assert.Equal(["opening", "streaming", "stalled", "lost"], _bed.States_);

        // Opened anew while the first consumer still keeps a buffer.
        var (again, _) = await _bed.StreamAsync();
        await _bed.UntilAsync(CameraState.Streaming);
        Assert.True(_bed.Opened[0].IsGivenUp);
        await subscription.DisposeAsync();
        Assert.Equal(CameraState.Streaming, _bed.States.Of(CameraBed.Id));
        await again.DisposeAsync();
        Assert.Equal(CameraState.Closed, _bed.States.Of(CameraBed.Id));
    }

    [Fact]
    public async Task One_without_a_signal_is_not_started_again_and_says_so()
    {
        _bed.Openings.Enqueue(() => new FakeCamera(20) { Fault = "no cable" });
        var (subscription, consumer) = await _bed.StreamAsync();
        var end = await consumer.Ended;
        Assert.Equal(StreamEndCause.SourceChanged, end.Cause);
        Assert.EndsWith(": no cable", end.Detail, StringComparison.Ordinal);
        Assert.Equal(0, _bed.Count("restart"));
        await subscription.DisposeAsync();
    }

    [Theory]
    [InlineData(false, "closed")]
    [InlineData(true, "lost")]
    public async Task One_that_is_unplugged_stays_lost_for_those_who_wait_for_it(bool returns, string state)
    {
        var (subscription, consumer) = await _bed.StreamAsync();
        await _bed.UntilAsync(CameraState.Streaming);
        _bed.Opened[0].Unplug();
        Assert.Equal(StreamEndCause.DeviceLost, (await consumer.Ended).Cause);
        subscription.Returns = returns;
        await subscription.DisposeAsync();
        Assert.Equal(state, CameraStates.Word(_bed.States.Of(CameraBed.Id)));
    }

    [Fact]
    public async Task One_that_cannot_be_started_is_closed_with_the_reason()
    {
        _bed.Openings.Enqueue(() => new FakeCamera(0) { StartFails = Errno.ENOSPC });
        await using (var subscription = await _bed.Sessions.SubscribeAsync(_bed.Camera, new ModeRequest(), CancellationToken.None))
            Assert.Equal("usb_bandwidth", Assert.Throws<ProblemException>(() => subscription.Start(new FakeConsumer(0))).Problem.Code);
        Assert.Equal(["opening", "closed"], _bed.States_);
        Assert.Contains("USB bandwidth", _bed.States.ReasonOf(CameraBed.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_offline_is_not_opened()
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(
            () => _bed.Sessions.SubscribeAsync(_bed.Camera with { Online = false }, new ModeRequest(), CancellationToken.None));
        Assert.Equal("device_offline", problem.Problem.Code);
        Assert.Empty(_bed.Moves);
    }

    public ValueTask DisposeAsync()
    {
        _bed.Dispose();
        return ValueTask.CompletedTask;
    }
}
