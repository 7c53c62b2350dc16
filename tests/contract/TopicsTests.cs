using System.Text.Json;
using ThatDam.Contract.Events;

namespace ThatDam.Contract.Tests;

public sealed class TopicsTests
{
    [Theory]
    [InlineData("capture.alive", "capture.alive", true)]
    [InlineData("capture.alive", "capture.aliv", false)]
    [InlineData("capture.*", "capture.alive", true)]
    [InlineData("capture.*", "capture.segment.created", false)]
    [InlineData("capture.*", "capture", false)]
    [InlineData("*.error", "video.error", true)]
    [InlineData("*", "capture.alive", false)]
    [InlineData("#", "capture.segment.created", true)]
    [InlineData("#", "", true)]
    [InlineData("capture.#", "capture.segment.created", true)]
    [InlineData("capture.#", "capture", true)]
    [InlineData("capture.#", "captures.alive", false)]
    [InlineData("#.created", "capture.segment.created", true)]
    [InlineData("#.created", "created", true)]
    [InlineData("#.segment.#", "capture.segment.created", true)]
    [InlineData("#.#", "capture", true)]
    [InlineData("*.#.created", "capture.created", true)]
    [InlineData("capture.#.*", "capture", false)]
    [InlineData("", "capture", false)]
    [InlineData("capture.al*", "capture.alive", false)]
    public void A_pattern_matches_as_the_brokers_topic_exchange_has_it(string pattern, string topic, bool matches) =>
        Assert.Equal(matches, Topics.Matches(pattern, topic));

    [Fact]
    public void Every_record_knows_its_topic()
    {
        foreach (var (topic, section) in EventDocument.Topics)
            Assert.Equal(topic, Topics.Parse(topic, section.Examples[0]).Topic);
    }

    [Fact]
    public void A_time_is_written_in_UTC_and_read_with_any_offset()
    {
        var e = Topics.Parse("video.error", """{"service":"video-api","ts":"2026-11-24T09:50:41.1234567+02:00","error":"x"}""");

        Assert.Equal(new DateTimeOffset(2026, 11, 24, 7, 50, 41, TimeSpan.Zero).AddTicks(1_234_567), e.Ts);
        Assert.Equal("""{"service":"video-api","ts":"2026-11-24T07:50:41.1234567Z","error":"x"}""", Topics.ToJson(e));
    }

    [Theory]
    [InlineData("capture.recording_started", """{"service":"capture-daemon","ts":"2025-08-04T14:34:00Z","device":"/dev/video0"}""")]
    [InlineData("capture.alive", """{"service":"capture-daemon","ts":"2025-08-04T14:34:00Z"}""")]
    [InlineData("capture.alive", "null")]
    [InlineData("capture.alive", "[]")]
    public void What_is_not_the_event_is_an_error(string topic, string json) => Assert.Throws<JsonException>(() => Topics.Parse(topic, json));

    [Fact]
    public void An_unknown_topic_is_an_error() => Assert.Throws<KeyNotFoundException>(() => Topics.Parse("capture.no_such", "{}"));
}
