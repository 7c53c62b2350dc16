using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Ffmpeg;

public sealed class EncoderCatalogTests : IDisposable
{
    private static readonly PoolStatus Pool = new() { Size = 0, Warm = 0, Hits = 0, Misses = 0 };
    private readonly TemporaryDirectory _state = new();
    private readonly TemporaryDirectory _programs = new();

    public void Dispose()
    {
        _state.Dispose();
        _programs.Dispose();
    }

    [Theory]
    [InlineData(VideoCodec.H264, "libx264")]
    [InlineData(VideoCodec.Hevc, "libx265")]
    [InlineData(VideoCodec.Mjpeg, "mjpeg")]
    [InlineData(VideoCodec.Ffv1, "ffv1")]
    public async Task Every_encoder_of_a_full_ffmpeg_is_found_to_work(VideoCodec codec, string encoder)
    {
        var found = await Catalog("ffmpeg").For(codec, TestContext.Current.CancellationToken);

        Assert.Equal(new EncoderStatus(FormatRules.Word(codec), encoder, true, null), found);
    }

    [Fact]
    public async Task One_that_does_not_work_is_refused_in_ffmpegs_words_with_those_that_do()
    {
        var ffmpeg = Fake("""for word in "$@"; do [ "$word" = libx265 ] && echo "[fatal] Unknown encoder 'libx265'" >&2 && exit 1; done; exec ffmpeg "$@" """);

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => Catalog(ffmpeg).For(VideoCodec.Hevc, TestContext.Current.CancellationToken));

        Assert.Equal((422, "encoder_unavailable"), (refusal.Problem.Status, refusal.Problem.Code));
        Assert.Contains("hevc", refusal.Problem.Detail, StringComparison.Ordinal);
        Assert.EndsWith("Unknown encoder 'libx265'", refusal.Problem.Detail, StringComparison.Ordinal);
        Assert.EndsWith("h264, mjpeg, ffv1.", refusal.Problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_worked_is_not_tried_again_at_the_next_start_unless_ffmpeg_changed()
    {
        var calls = _programs["calls"];
        var ffmpeg = Fake($"""echo call >> {calls}; exec ffmpeg "$@" """);
        await Catalog(ffmpeg).For(VideoCodec.Mjpeg, TestContext.Current.CancellationToken);
        Assert.Single(File.ReadAllLines(calls));

        var next = Catalog(ffmpeg);
        Assert.True((await next.For(VideoCodec.Mjpeg, TestContext.Current.CancellationToken)).Works);
        Assert.Single(File.ReadAllLines(calls));

        File.AppendAllText(ffmpeg, "# another one\n");
        await next.For(VideoCodec.Mjpeg, TestContext.Current.CancellationToken);
        Assert.Equal(2, File.ReadAllLines(calls).Length);
    }

    [Fact]
    public async Task What_failed_is_tried_again_at_the_next_start()
    {
        var broken = _programs["broken"];
        File.WriteAllText(broken, "");
        var ffmpeg = Fake($"""[ -e {broken} ] && exit 1; exec ffmpeg "$@" """);
        await Assert.ThrowsAsync<ProblemException>(() => Catalog(ffmpeg).For(VideoCodec.Ffv1, TestContext.Current.CancellationToken));

        File.Delete(broken);

        Assert.True((await Catalog(ffmpeg).For(VideoCodec.Ffv1, TestContext.Current.CancellationToken)).Works);
    }

    [Fact]
    public async Task A_trial_leaves_the_processor_to_recordings()
    {
        var seen = _programs["nice"];
        var ffmpeg = Fake($"""
            for try in $(seq 100); do nice=$(cut -d' ' -f19 /proc/$$/stat); [ "$nice" = 10 ] && break; sleep 0.05; done
            echo "$nice" > {seen}; exec ffmpeg "$@"
            """);

        await Catalog(ffmpeg).For(VideoCodec.Mjpeg, TestContext.Current.CancellationToken);

        Assert.Equal("10", File.ReadAllText(seen).Trim()); // proc(5): stat, field 19
    }

    [Fact]
    public async Task The_background_finds_version_and_every_encoder()
    {
        var catalog = Catalog("ffmpeg");
        Assert.False(catalog.Status(Pool).Probed);

        catalog.Start();
        await Footage.UntilAsync(() => catalog.Status(Pool).Probed);

        var status = catalog.Status(Pool);
        Assert.StartsWith("ffmpeg version ", status.Version, StringComparison.Ordinal);
        Assert.Equal(["libx264", "mjpeg", "libx265", "ffv1"], status.Encoders.Where(encoder => encoder.Works).Select(encoder => encoder.Name));
        Assert.StartsWith("/", status.Path, StringComparison.Ordinal);
        Assert.Null(status.Problem);
    }

    [Fact]
    public async Task A_copy_needs_ffmpeg_but_no_encoder()
    {
        Assert.Equal("copy", (await Catalog("ffmpeg").For(VideoCodec.Copy, TestContext.Current.CancellationToken)).Name);

        var missing = Catalog("/nowhere/ffmpeg");
        missing.Start();
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => missing.For(VideoCodec.Copy, TestContext.Current.CancellationToken));
        Assert.Equal((503, "ffmpeg_missing"), (refusal.Problem.Status, refusal.Problem.Code));
        Assert.Contains("/nowhere/ffmpeg", missing.Status(Pool).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_is_no_cache_is_written_anew()
    {
        _state.Write("encoders.json", "{ this is no JSON");

        Assert.True((await Catalog("ffmpeg").For(VideoCodec.Mjpeg, TestContext.Current.CancellationToken)).Works);
        Assert.Contains("\"working\"", File.ReadAllText(_state["encoders.json"]), StringComparison.Ordinal);
    }

    private EncoderCatalog Catalog(string path) =>
        new(new FfmpegOptions { Path = path }, _state.Path, TimeProvider.System, NullLogger<EncoderCatalog>.Instance);

    private string Fake(string script) => FfmpegProcessTests.Script(_programs, script).Path;
}
