using System.Net;
using System.Text.Json;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Tests.Control;

/// <summary>What a client of the API sees of events and of the audit log.</summary>
public sealed class EventEndpointsTests
{
    [Fact]
    public async Task What_was_committed_can_be_read_again()
    {
        await using var agent = await ServedAgent.StartAsync();
        var first = agent.Rooms.Outbox.Commit(new CaptureError { Error = "one" });
        agent.Rooms.Outbox.Commit(new TenantLimit { Limit = "recordings", Allowed = 1, Used = 1 });

        var all = await EventsAsync(agent, "since=2020-01-01T00:00:00Z&follow=false");
        Assert.Equal(["capture.error", "tenant.limit"], all.Select(envelope => envelope.Topic));
        Assert.Equal(first.EventId.ToString(), all[0].Event.GetProperty("event_id").GetString());
        Assert.Equal(["tenant.limit"], (await EventsAsync(agent, "pattern=tenant.%23&since=2020-01-01T00:00:00Z&follow=false")).Select(envelope => envelope.Topic));
        Assert.Empty(await EventsAsync(agent, "since=2120-01-01T00:00:00Z&follow=false"));
        Assert.Empty(await EventsAsync(agent, "follow=false"));
    }

    [Fact]
    public async Task What_is_committed_comes_at_once()
    {
        await using var agent = await ServedAgent.StartAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var answer = await agent.Client.GetAsync("v1/stream/events?pattern=capture.*", HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(deadline.Token));
        agent.Rooms.Outbox.Commit(new TenantLimit { Limit = "recordings", Allowed = 1, Used = 1 });
        agent.Rooms.Outbox.Commit(new CaptureError { Error = "now" });

        Assert.StartsWith("id: ", await reader.ReadLineAsync(deadline.Token));
        Assert.Equal("event: capture.error", await reader.ReadLineAsync(deadline.Token));
        var data = (await reader.ReadLineAsync(deadline.Token))!["data: ".Length..];
        Assert.Equal("now", JsonSerializer.Deserialize(data, ContractJson.Default.EventEnvelope)!.Event.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("pattern=", "invalid_pattern")]
    [InlineData("pattern=capture..x", "invalid_pattern")]
    [InlineData("pattern=%1b%5b", "invalid_pattern")]
    [InlineData("since=soon", "invalid_time")]
    public async Task A_bad_question_is_told(string query, string code)
    {
        await using var agent = await ServedAgent.StartAsync();
        Assert.Equal(code, (await agent.ProblemAsync(HttpMethod.Get, $"v1/stream/events?{query}")).Code);
    }

    [Fact]
    public async Task Every_request_that_changes_something_is_told_and_in_the_audit_log()
    {
        await using var agent = await ServedAgent.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/devices/rescan");
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        request.Headers.Add("X-Request-ID", "ask-1");
        request.Headers.Add("X-Correlation-ID", "desk-7");
        using (var rescan = await agent.Client.SendAsync(request))
            Assert.Equal(HttpStatusCode.OK, rescan.StatusCode);
        await agent.ProblemAsync(HttpMethod.Post, "v1/recordings/20200101-000000-bbbb/stop");
        await agent.ProblemAsync(HttpMethod.Post, "v1/recordings", "{\"device\": \"nowhere\"}");
        await agent.GetAsync("v1/status", ContractJson.Default.AgentStatus);

        var told = (await EventsAsync(agent, "pattern=tenant.access&since=2020-01-01T00:00:00Z&follow=false"))
            .Select(envelope => envelope.Event.Deserialize(ContractJson.Default.TenantAccess)!).ToList();
        Assert.Equal(["devices.rescan", "recording.stop", "recording.start"], told.Select(access => access.Action));
        Assert.Equal([null, "20200101-000000-bbbb", "nowhere"], told.Select(access => access.Target));
        Assert.Equal([200, 404, 404], told.Select(access => access.Status));
        Assert.Equal([true, false, false], told.Select(access => access.Allowed));
        Assert.Equal([null, "recording_not_found", "device_not_found"], told.Select(access => access.Code));
        Assert.All(told, access => Assert.Equal(Environment.ProcessId, access.Pid));
        Assert.All(told, access => Assert.StartsWith("uid:", access.PrincipalId, StringComparison.Ordinal));
        Assert.Equal(("4bf92f3577b34da6a3ce929d0e0e4736", "ask-1", "desk-7"), (told[0].TraceId, told[0].RequestId, told[0].CorrelationId));

        var report = await agent.GetAsync("v1/audit", ContractJson.Default.AuditReport);
        Assert.True(report.Whole, report.Fault);
        Assert.Equal(3, report.Lines);
        // The list that was asked for says who asked.
        var list = Assert.Single(await EventsAsync(agent, "pattern=capture.device_list&since=2020-01-01T00:00:00Z&follow=false"));
        Assert.Equal("desk-7", list.Event.GetProperty("correlation_id").GetString());
    }

    [Fact]
    public async Task A_limit_refuses_and_is_told()
    {
        await using var agent = await ServedAgent.StartAsync(cameras: 2, maxRecordings: 1);
        using var first = await agent.Client.PostAsync("v1/recordings", new StringContent("{\"device\": \"virtual:0\", \"codec\": \"mjpeg\"}", null, "application/json"));
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var problem = await agent.ProblemAsync(HttpMethod.Post, "v1/recordings", "{\"device\": \"virtual:1\"}");
        Assert.Equal("limit_recordings", problem.Code);
        Assert.Contains("MaxRecordings", problem.Remedy, StringComparison.Ordinal);

        var limit = Assert.Single(await EventsAsync(agent, "pattern=tenant.limit&since=2020-01-01T00:00:00Z&follow=false")).Event;
        Assert.Equal(1, limit.GetProperty("allowed").GetInt64());
        Assert.Equal("virtual:1", limit.GetProperty("target").GetString());
        var access = (await EventsAsync(agent, "pattern=tenant.access&since=2020-01-01T00:00:00Z&follow=false")).Select(envelope => envelope.Event.Deserialize(ContractJson.Default.TenantAccess)!).ToList();
        Assert.Equal([("virtual:0", true, null), ("virtual:1", false, 409)], access.Select(e => (e.Target, e.Allowed, e.Status)));
        await agent.Rooms.Recorder.StopAllAsync("shutdown");
        Assert.True((await agent.GetAsync("v1/audit", ContractJson.Default.AuditReport)).Whole);
    }

    private static async Task<List<EventEnvelope>> EventsAsync(ServedAgent agent, string query)
    {
        var text = await agent.Client.GetStringAsync($"v1/stream/events?{query}");
        return [.. text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize(line["data: ".Length..], ContractJson.Default.EventEnvelope)!)];
    }
}
