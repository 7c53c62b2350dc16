using ThatDam.Agent.Capture;
using ThatDam.Agent.Tests.Devices;

namespace ThatDam.Agent.Tests.Capture;

/// <summary>A camera whose driver does not answer when its signal is looked at keeps nobody else from leaving it.</summary>
public sealed class HangingDriverTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ManualResetEventSlim _answers = new();

    [Fact]
    public async Task It_waits_and_is_asked_once_more_when_it_has_answered()
    {
        using var bed = new CameraBed(_time) { Hang = _answers };
        await bed.PlugAsync();
        using var cancel = new CancellationTokenSource();
        var back = bed.Sessions.ReturnAsync(CameraBed.Id, StreamEndCause.SourceChanged, cancel.Token);
        await CatalogBed.UntilAsync(() => bed.SignalLooks == 1, "it is looked at");
        await PassUntilAsync(() => bed.States.ReasonOf(CameraBed.Id) == "its driver does not answer");
        Assert.Equal(CameraState.Waiting, bed.States.Of(CameraBed.Id));
        _time.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(1, bed.SignalLooks);

        _answers.Set();
        await PassUntilAsync(() => back.IsCompletedSuccessfully);
        Assert.Equal(bed.Camera.Node, (await back).Node);
    }

    private async Task PassUntilAsync(Func<bool> isSo) => await CatalogBed.UntilAsync(
        () =>
        {
            _time.Pass(TimeSpan.FromMilliseconds(100));
            return isSo();
        },
        "in time");

    public void Dispose() => _answers.Dispose();
}
