namespace ThatDam.EndToEnd.Tests;

/// <summary>vivid with an HDMI input of 640x480p59, and a daemon.</summary>
public sealed class HdmiInput : IAsyncLifetime
{
    internal Daemon Daemon { get; private set; } = null!;

    internal string Node { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Node = await Vivid.LoadAsync(VividInput.Hdmi);
        await SelectAsync(Timings.W640);
        (await Command.RunAsync("v4l2-ctl", "-d", Node, "--set-dv-bt-timings", "query")).MustSucceed();
        Daemon = await DaemonCameras.StartAsync("");
        await Daemon.OnlineAsync(Node);
    }

    /// <summary>What the source sends from now on.</summary>
    internal async Task SelectAsync(Timings timings)
    {
        await Vivid.SetAsync(Node, "dv_timings_signal_mode", (int)SignalMode.Selected);
        await Vivid.SetAsync(Node, "dv_timings", (int)timings);
    }

    public async ValueTask DisposeAsync()
    {
        if (Daemon is not null)
            await Daemon.DisposeAsync();
        await Vivid.UnloadAsync();
    }
}

/// <summary>vivid's dv_timings_signal_mode, by its numbers.</summary>
internal enum SignalMode
{
    /// <summary>VIDIOC_QUERY_DV_TIMINGS: ENOLINK, and no power at the input: nothing is connected.</summary>
    NoSignal = 1,

    /// <summary>ENOLCK.</summary>
    NoLock = 2,

    /// <summary>ERANGE.</summary>
    OutOfRange = 3,

    /// <summary>The timings that the control dv_timings says.</summary>
    Selected = 4,
}

/// <summary>Some of vivid's DV timings, by their place in its menu.</summary>
internal enum Timings
{
    W640 = 0,
    W720 = 2,
}

/// <summary>An HDMI source that comes and goes and changes: the same words wherever a user looks, and a new file for a new picture.</summary>
[Trait("bed", "guest")]
[Trait("boot", "2")]
public sealed class SignalTests(HdmiInput hdmi, ITestOutputHelper output) : IClassFixture<HdmiInput>
{
    private static readonly string[] Codec = ["--codec", "mjpeg"];

    private Daemon Daemon => hdmi.Daemon;

    [Theory]
    [InlineData((int)SignalMode.NoSignal, "no cable")]
    [InlineData((int)SignalMode.NoLock, "no sync")]
    [InlineData((int)SignalMode.OutOfRange, "out of range")]
    public async Task What_is_wrong_with_the_signal_is_said_in_one_word_everywhere(int mode, string word)
    {
        await Vivid.SetAsync(hdmi.Node, "dv_timings_signal_mode", mode);
        try
        {
            await MustSayAsync(word);
        }
        finally
        {
            await hdmi.SelectAsync(Timings.W640);
        }

        (await Daemon.DamctlAsync("devices", "rescan")).MustSucceed();
        Assert.Equal("ok", Assert.Single(await Daemon.DevicesAsync()).Signal);
        await (await Daemon.RecordAsync(hdmi.Node, 0.5, Codec)).MustBeWholeAsync();
    }

    [Fact]
    public async Task A_source_that_is_connected_and_sends_nothing_is_no_signal()
    {
        // Without an EDID vivid finds no link, while the power at its input is there.
        var edid = (await Command.RunAsync("v4l2-ctl", "-d", hdmi.Node, "--clear-edid")).ExitCode == 0;
        Assert.SkipUnless(edid, "v4l2-ctl cannot clear the EDID");
        try
        {
            await MustSayAsync("no signal");
        }
        finally
        {
            (await Command.RunAsync("v4l2-ctl", "-d", hdmi.Node, "--set-edid", "type=hdmi")).MustSucceed();
        }
    }

    [Fact]
    public async Task A_signal_that_is_lost_and_regained_makes_a_new_file()
    {
        var started = await Daemon.StartRecordingAsync(hdmi.Node, Codec);
        await Daemon.CapturedAsync(started.Id, 30);
        var mark = Daemon.Mark();
        await Vivid.SetAsync(hdmi.Node, "dv_timings_signal_mode", (int)SignalMode.NoSignal);
        var stopped = await Daemon.StoppedAsync(mark, started.Id, 1);
        Assert.Equal(("source_changed", "False"), (stopped.Text("reason"), stopped.Text("final")));
        var waits = await Daemon.StateAsync(mark, started.StableId!, "waiting");
        Assert.Contains("no cable", waits.Text("reason"), StringComparison.Ordinal);
        Assert.Equal("waiting", (await Daemon.ShowAsync(started.Id)).State);
        Assert.Equal("no cable", Assert.Single(await Daemon.DevicesAsync()).Signal);

        var back = TimeProvider.System.GetUtcNow();
        await hdmi.SelectAsync(Timings.W640);
        var next = await Daemon.StartedAsync(mark, started.Id, 2);
        output.WriteLine($"signal back → next file {(next.At - back).TotalSeconds:0.00} s");
        await Daemon.CapturedAsync(started.Id, 30);
        var recording = await Daemon.StopRecordingAsync(started.Id);

        await recording.MustBeWholeInPartsAsync();
        await Daemon.MustTellAsync(recording);
        Assert.Equal("source_changed", Assert.Single(recording.Gaps).Reason);
    }

    [Fact]
    public async Task A_picture_of_another_size_makes_a_new_file_of_that_size()
    {
        var started = await Daemon.StartRecordingAsync(hdmi.Node, Codec);
        await Daemon.CapturedAsync(started.Id, 30);
        try
        {
            await hdmi.SelectAsync(Timings.W720);
            await Daemon.StartedAsync(0, started.Id, 2);
            await Daemon.CapturedAsync(started.Id, 30);
            var recording = await Daemon.StopRecordingAsync(started.Id);

            var videos = await recording.MustBeWholeInPartsAsync();
            Assert.Equal([(640, 480), (720, 480)], videos.Select(v => (v.Width, v.Height)));
            Assert.Equal("source_changed", recording.Segments[0].Reason);
            await Daemon.MustTellAsync(recording);
        }
        finally
        {
            (await Daemon.DamctlAsync("record", "stop", "--all")).MustSucceed();
            await hdmi.SelectAsync(Timings.W640);
        }
    }

    private async Task MustSayAsync(string word)
    {
        (await Daemon.DamctlAsync("devices", "rescan")).MustSucceed();
        Assert.Equal(word, Assert.Single(await Daemon.DevicesAsync()).Signal);
        Assert.Contains(word, (await Daemon.DamctlAsync("devices", "list")).MustSucceed().Stdout, StringComparison.Ordinal);
        Assert.Contains(word, (await Daemon.DamctlAsync("devices", "show", hdmi.Node)).MustSucceed().Stdout, StringComparison.Ordinal);
        var said = await Daemon.DamctlAsync(["record", "start", hdmi.Node, .. Codec]);
        Assert.NotEqual(0, said.ExitCode);
        Assert.Contains(word, said.Stderr, StringComparison.Ordinal);
        Assert.Contains("remedy", said.Stderr, StringComparison.Ordinal);
        Assert.Contains(word, (await Daemon.DamctlAsync("doctor", hdmi.Node)).Stdout, StringComparison.Ordinal);
        Assert.Empty(await Daemon.ActiveAsync());
    }
}
