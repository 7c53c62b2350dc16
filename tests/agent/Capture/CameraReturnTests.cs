using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Tests.Devices;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Tests.Capture;

/// <summary>How cameras come back. The cameras are fakes, and so is the bus on which they are reset.</summary>
public sealed class CameraReturnTests : IAsyncLifetime
{
    private readonly CameraBed _bed = new();

    public async ValueTask InitializeAsync() => await _bed.PlugAsync();

    [Fact]
    public async Task One_that_was_unplugged_is_waited_for_and_comes_back_as_another_node()
    {
        await LoseAsync();
        await _bed.UnplugAsync();
        var back = ReturnAsync(StreamEndCause.DeviceLost);
        await _bed.UntilAsync(CameraState.Waiting);
        Assert.Equal("unplugged", _bed.States.ReasonOf(CameraBed.Id));
        Assert.False(back.IsCompleted);

        await _bed.PlugAsync("video4", number: 7);
        Assert.EndsWith("video4", (await back).Node, StringComparison.Ordinal);
        var (subscription, _) = await _bed.StreamAsync();
        await _bed.UntilAsync(CameraState.Streaming);
        Assert.Equal(["opening", "streaming", "lost", "waiting", "opening", "streaming"], _bed.States_);
        Assert.Equal(0, _bed.Count("reopen"));
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task Those_who_wait_for_one_camera_share_one_recovery()
    {
        await LoseAsync();
        await _bed.UnplugAsync();
        var waiting = new[] { ReturnAsync(StreamEndCause.DeviceLost), ReturnAsync(StreamEndCause.Failed) };
        await _bed.UntilAsync(CameraState.Waiting);
        await _bed.PlugAsync("video4", number: 7);
        Assert.All(await Task.WhenAll(waiting), device => Assert.EndsWith("video4", device.Node, StringComparison.Ordinal));

        // Who comes while it streams again for another does not wait, and consumes no rung.
        var (subscription, _) = await _bed.StreamAsync();
        Assert.EndsWith("video4", (await ReturnAsync(StreamEndCause.Failed)).Node, StringComparison.Ordinal);
        Assert.Equal(0, _bed.Count("reopen"));
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task When_nobody_waits_any_more_it_is_closed()
    {
        await LoseAsync();
        await _bed.UnplugAsync();
        using var one = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        var first = _bed.Sessions.ReturnAsync(CameraBed.Id, StreamEndCause.DeviceLost, one.Token);
        var second = _bed.Sessions.ReturnAsync(CameraBed.Id, StreamEndCause.DeviceLost, other.Token);
        await _bed.UntilAsync(CameraState.Waiting);

        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(CameraState.Waiting, _bed.States.Of(CameraBed.Id));
        await other.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await _bed.UntilAsync(CameraState.Closed);
    }

    [Fact]
    public async Task Who_was_told_that_it_is_back_and_does_not_open_it_forgoes_it()
    {
        await LoseAsync();
        await _bed.UnplugAsync();
        var back = ReturnAsync(StreamEndCause.DeviceLost);
        await _bed.UntilAsync(CameraState.Waiting);
        await _bed.PlugAsync();
        await back;
        _bed.Sessions.Forgo(CameraBed.Id);
        await _bed.UntilAsync(CameraState.Closed);
    }

    [Fact]
    public async Task Each_failure_climbs_a_rung_and_the_second_resets_the_usb_device()
    {
        await LoseAsync();
        await ReturnAsync(StreamEndCause.Failed);
        await FailToOpenAsync(Errno.EIO);
        Assert.Empty(_bed.Resets);
        await ReturnAsync(StreamEndCause.Failed);
        Assert.Equal([_bed.Camera.UsbNode!], _bed.Resets);
        Assert.Equal((2, 1, 0), (_bed.Count("reopen"), _bed.Count("usb_reset"), _bed.Count("give_up")));

        await FailToOpenAsync(Errno.EIO);
        var third = ReturnAsync(StreamEndCause.Failed);
        await CatalogBed.UntilAsync(() => _bed.States.ReasonOf(CameraBed.Id) == "tried again in 1 s", "tried again in 1 s");
        await third;
        Assert.Equal((3, 1, 1), (_bed.Count("reopen"), _bed.Count("usb_reset"), _bed.Count("give_up")));
    }

    [Fact]
    public async Task That_our_own_reset_takes_it_away_and_brings_it_back_is_no_new_beginning()
    {
        _bed.OnReset = () => Task.Run(async () =>
        {
            await _bed.UnplugAsync();
            await _bed.PlugAsync(number: 3);
        }).GetAwaiter().GetResult();
        await LoseAsync();
        await ReturnAsync(StreamEndCause.Failed);
        for (var failure = 1; failure <= 2; failure++)
        {
            await FailToOpenAsync(Errno.EIO);
            await ReturnAsync(StreamEndCause.Failed);
        }
        Assert.Single(_bed.Resets);
        Assert.Equal((1, 1), (_bed.Count("usb_reset"), _bed.Count("give_up")));
    }

    [Fact]
    public async Task A_reset_that_is_forbidden_is_skipped_and_counted()
    {
        _bed.ResetFails = Errno.EACCES;
        await LoseAsync();
        await ReturnAsync(StreamEndCause.Failed);
        await FailToOpenAsync(Errno.EIO);
        await ReturnAsync(StreamEndCause.Failed);
        Assert.Equal((2, 0, 1), (_bed.Count("reopen"), _bed.Count("usb_reset"), _bed.Count("usb_reset_skipped")));
    }

    [Fact]
    public async Task One_that_another_process_holds_is_tried_again_and_never_reset()
    {
        await LoseAsync();
        await ReturnAsync(StreamEndCause.Failed);
        await FailToOpenAsync(Errno.EBUSY);
        Assert.Equal(CameraState.Waiting, _bed.States.Of(CameraBed.Id));
        Assert.Contains("held by another process", _bed.States.ReasonOf(CameraBed.Id), StringComparison.Ordinal);
        await ReturnAsync(StreamEndCause.Failed);
        Assert.Empty(_bed.Resets);
        Assert.Equal(0, _bed.Count("usb_reset_skipped"));
    }

    [Theory]
    [InlineData(StreamEndCause.SourceChanged)]
    [InlineData(StreamEndCause.Failed)]
    public async Task One_without_a_signal_is_waited_for_and_not_climbed_for(StreamEndCause why)
    {
        await LoseAsync();
        _bed.Fault = "no cable";
        var back = ReturnAsync(why);
        await _bed.UntilAsync(CameraState.Waiting);
        Assert.Equal("no cable", _bed.States.ReasonOf(CameraBed.Id));
        _bed.Fault = null;
        Assert.Equal(_bed.Camera.Node, (await back).Node);
        Assert.Equal(0, _bed.Count("reopen"));
    }

    [Fact]
    public async Task A_camera_is_opened_by_who_it_is_and_never_by_where_it_was()
    {
        var known = _bed.Camera;
        await _bed.UnplugAsync();
        await _bed.PlugAsync("video4", number: 7);
        var moved = await _bed.Sessions.SubscribeAsync(known, new ModeRequest(), CancellationToken.None);
        Assert.EndsWith("video4", Assert.Single(_bed.States.Status()).Device, StringComparison.Ordinal);
        await moved.DisposeAsync();

        await _bed.UnplugAsync("video4");
        await _bed.PlugAsync("video0", number: 8, serial: "B");
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => _bed.Sessions.SubscribeAsync(known, new ModeRequest(), CancellationToken.None));
        Assert.Equal("device_offline", refusal.Problem.Code);
        Assert.Single(_bed.Opened);
    }

    [Fact]
    public async Task A_file_that_is_to_follow_opens_no_camera_that_has_ended()
    {
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => _bed.Sessions.SubscribeAsync(_bed.Camera, new ModeRequest(), CancellationToken.None, joins: true));
        Assert.Equal("stream_ended", refusal.Problem.Code);
        Assert.Empty(_bed.Opened);
    }

    [Fact]
    public async Task Who_waits_for_a_camera_that_cannot_be_opened_has_it_waiting_with_the_reason()
    {
        await FailToOpenAsync(Errno.EBUSY);
        Assert.Equal(CameraState.Closed, _bed.States.Of(CameraBed.Id));
        using var cancel = new CancellationTokenSource();
        var rest = _bed.Sessions.RestAsync(CameraBed.Id, "held by another process", TimeSpan.FromMinutes(1), cancel.Token);
        await _bed.UntilAsync(CameraState.Waiting);
        await FailToOpenAsync(Errno.EBUSY); // somebody else tries
        Assert.Equal((CameraState.Waiting, true), (_bed.States.Of(CameraBed.Id), _bed.States.ReasonOf(CameraBed.Id)!.Contains("held by another process", StringComparison.Ordinal)));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rest);
        await _bed.UntilAsync(CameraState.Closed);
    }

    private Task<Device> ReturnAsync(StreamEndCause why) =>
        _bed.Sessions.ReturnAsync(CameraBed.Id, why, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));

    // It streams, and its stream ends.
    private async Task LoseAsync()
    {
        var (subscription, consumer) = await _bed.StreamAsync();
        await _bed.UntilAsync(CameraState.Streaming);
        _bed.Opened[^1].Unplug();
        await consumer.Ended;
        subscription.Returns = true;
        await subscription.DisposeAsync();
    }

    private async Task FailToOpenAsync(Errno errno)
    {
        _bed.Openings.Enqueue(() => throw new NativeException("VIDIOC_S_FMT", _bed.Camera.Node, errno));
        await Assert.ThrowsAsync<ProblemException>(() => _bed.Sessions.SubscribeAsync(_bed.Camera, new ModeRequest(), CancellationToken.None));
    }

    public ValueTask DisposeAsync()
    {
        _bed.Dispose();
        return ValueTask.CompletedTask;
    }
}
