using ThatDam.Agent.Ffmpeg;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Ffmpeg;

public sealed class FormatRulesTests
{
    [Theory]
    [InlineData(null, null, "YUYV", "h264", "mp4")]
    [InlineData(null, null, "MJPG", "copy", "mp4")]
    [InlineData(null, null, "JPEG", "copy", "mp4")]
    [InlineData(null, null, "H264", "copy", "mp4")]
    [InlineData(null, "mkv", "HEVC", "copy", "mkv")]
    [InlineData("ffv1", null, "YUYV", "ffv1", "mkv")]
    [InlineData("mjpeg", null, "NV12", "mjpeg", "mp4")]
    [InlineData("h264", "mkv", "MJPG", "h264", "mkv")]
    public void What_is_left_out_is_filled_in(string? codec, string? container, string fourcc, string chosenCodec, string chosenContainer)
    {
        var choice = FormatRules.Choose(codec, container, fourcc);

        Assert.Equal((chosenCodec, chosenContainer), (FormatRules.Word(choice.Codec), FormatRules.Word(choice.Container)));
    }

    [Theory]
    [InlineData("YUYV", "h264/mp4 h264/mkv hevc/mp4 hevc/mkv mjpeg/mp4 mjpeg/mkv ffv1/mkv")]
    [InlineData("RGB3", "h264/mp4 h264/mkv hevc/mp4 hevc/mkv mjpeg/mp4 mjpeg/mkv ffv1/mkv")]
    [InlineData("MJPG", "copy/mp4 copy/mkv h264/mp4 h264/mkv hevc/mp4 hevc/mkv mjpeg/mp4 mjpeg/mkv ffv1/mkv")]
    [InlineData("H264", "copy/mp4 copy/mkv h264/mp4 h264/mkv hevc/mp4 hevc/mkv mjpeg/mp4 mjpeg/mkv ffv1/mkv")]
    public void Exactly_these_pairs_work(string fourcc, string pairs)
    {
        var working = new List<string>();
        foreach (var codec in new[] { "copy", "h264", "hevc", "mjpeg", "ffv1" })
        {
            foreach (var container in new[] { "mp4", "mkv" })
            {
                try
                {
                    FormatRules.Choose(codec, container, fourcc);
                    working.Add($"{codec}/{container}");
                }
                catch (ProblemException refusal)
                {
                    Assert.Equal(422, refusal.Problem.Status);
                    Assert.Contains(codec, refusal.Problem.Detail, StringComparison.Ordinal);
                    Assert.Contains("h264, hevc and mjpeg in mp4 or mkv; ffv1 in mkv", refusal.Problem.Remedy, StringComparison.Ordinal);
                }
            }
        }

        Assert.Equal(pairs, string.Join(' ', working));
    }

    [Fact]
    public void A_copy_asks_the_camera_for_a_compressed_mode()
    {
        Assert.Equal(["MJPG", "JPEG", "H264", "HEVC"], FormatRules.SourceFourccs("copy"));
        Assert.Null(FormatRules.SourceFourccs("h264"));
        Assert.Null(FormatRules.SourceFourccs(null));
    }

    [Theory]
    [InlineData("vp9", null)]
    [InlineData("H264", null)]
    [InlineData("h264", "avi")]
    public void A_word_that_is_none_is_refused_with_those_that_are(string codec, string? container)
    {
        var refusal = Assert.Throws<ProblemException>(() => FormatRules.Choose(codec, container, "YUYV"));

        Assert.Equal("format_not_possible", refusal.Problem.Code);
        Assert.Contains(container ?? codec, refusal.Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("ffv1", refusal.Problem.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("copy", 1_000_000, null)]
    [InlineData("ffv1", null, 20)]
    [InlineData("mjpeg", 1_000_000, null)]
    [InlineData("h264", 1_000_000, 20)]
    [InlineData("h264", null, 52)]
    [InlineData("hevc", 0, null)]
    public void A_quality_that_the_codec_cannot_follow_is_refused(string codec, int? bitrate, int? crf) =>
        Assert.Equal(422, Assert.Throws<ProblemException>(() => FormatRules.CheckQuality(FormatRules.Codec(codec)!.Value, bitrate, crf)).Problem.Status);

    [Theory]
    [InlineData("copy", null, null)]
    [InlineData("h264", 2_000_000, null)]
    [InlineData("hevc", null, 0)]
    [InlineData("mjpeg", null, 51)]
    public void A_quality_that_the_codec_can_follow_is_taken(string codec, int? bitrate, int? crf) =>
        FormatRules.CheckQuality(FormatRules.Codec(codec)!.Value, bitrate, crf);
}
