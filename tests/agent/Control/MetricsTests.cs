using System.Net;
using System.Text.RegularExpressions;
using ThatDam.Agent.Control;
using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Control;

/// <summary>/metrics and /v1/health, as a daemon serves them.</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public async Task They_keep_prometheus_text_format()
    {
        await using var agent = await ServedAgent.StartAsync();
        using var answer = await agent.Client.GetAsync("/metrics", TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var lines = text.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches(line.StartsWith('#') ? CommentLine() : ValueLine(), line));
        // Each value belongs to the metric that was begun last, and each metric is begun once.
        var begun = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToList();
        Assert.Equal(begun.Distinct(), begun);
        var metric = "";
        foreach (var line in lines)
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
                metric = line.Split(' ')[2];
            else if (!line.StartsWith('#'))
                Assert.StartsWith(metric, line, StringComparison.Ordinal);
        }
        foreach (var name in new[] { "thatdam_devices", "thatdam_outbox_pending", "thatdam_sync_seconds", "thatdam_ffmpeg_pool_hits_total", "thatdam_loop_age_seconds", "process_resident_memory_bytes" })
            Assert.Contains(name, begun);
    }

    [Fact]
    public async Task Health_says_that_all_is_well_and_what_is_not()
    {
        await using var agent = await ServedAgent.StartAsync();
        var well = await agent.GetAsync("/v1/health", ContractJson.Default.HealthStatus);
        Assert.Equal("uevents", Assert.Single(well.Loops).Name);

        Directory.Delete(agent.Rooms.Output.Path, recursive: true);
        var degraded = await agent.GetAsync("/v1/health", ContractJson.Default.HealthStatus);
        Assert.Equal("degraded", degraded.Status);
        Assert.Contains(degraded.Problems, problem => problem.Contains(agent.Rooms.Output.Path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1:9001", 0)]
    [InlineData("[::1]:9001", 0)]
    [InlineData("0.0.0.0:9001", 1)]
    [InlineData("192.0.2.7:9001", 1)]
    public void Where_other_machines_reach_them_the_log_says_so(string place, int lines)
    {
        var told = new List<string>();
        MetricsListener.Warn(new MetricsOptions { Listen = IPEndPoint.Parse(place) }, new ListLogger(told));
        Assert.Equal(lines, told.Count(line => line.Contains(place, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Over_tcp_there_are_figures_and_nothing_else()
    {
        await using var agent = await ServedAgent.StartAsync(metrics: true);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{agent.Metrics}") };

        Assert.Contains("thatdam_build_info", await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("\"loops\"", await client.GetStringAsync("/v1/health", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        foreach (var path in new[] { "/", "/v1/status", "/v1/devices", "/metrics/", "/v1/recordings" })
        {
            using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        using var change = await client.PostAsync("/v1/recordings", new StringContent("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, change.StatusCode);
    }

    [GeneratedRegex(@"\A# (HELP|TYPE) [a-z_]+ .+\z")]
    private static partial Regex CommentLine();

    [GeneratedRegex("""\A[a-z_]+(\{[a-z_]+="([^"\\\n]|\\.)*"(,[a-z_]+="([^"\\\n]|\\.)*")*\})? (-?[0-9.]+(E[-+]?[0-9]+)?|\+Inf|NaN)\z""")]
    private static partial Regex ValueLine();
}
