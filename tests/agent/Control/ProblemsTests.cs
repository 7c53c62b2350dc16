using ThatDam.Contract;

namespace ThatDam.Agent.Tests.Control;

public sealed class ProblemsTests
{
    [Theory]
    [InlineData("GET", "v1/nothing", 404, "route_not_found", "GET /v1/nothing: there is no such route.")]
    [InlineData("GET", "", 404, "route_not_found", "GET /: there is no such route.")]
    [InlineData("DELETE", "v1/status", 405, "method_not_allowed", "DELETE /v1/status: this route takes GET.")]
    [InlineData("GET", "v1/devices?all=maybe", 400, "bad_request", "GET /v1/devices?all=maybe: a parameter has a value that will not do.")]
    public async Task What_the_routing_refuses_is_a_problem_too(string method, string path, int status, string code, string detail)
    {
        await using var agent = await ServedAgent.StartAsync();
        var problem = await agent.ProblemAsync(new HttpMethod(method), path);
        Assert.Equal((status, code, detail), (problem.Status, problem.Code, problem.Detail));
    }

    [Theory]
    [InlineData("{\"device\": 1}", "Bad request: field 'device' must be a string.")]
    [InlineData("{\"width\": \"wide\"}", "Bad request: field 'width' must be a whole number.")]
    [InlineData("{\"width\": 1.5}", "Bad request: field 'width' must be a whole number.")]
    [InlineData("{\"fps\": []}", "Bad request: field 'fps' must be a number.")]
    [InlineData("{\"devcie\": \"video0\"}", "Bad request: there is no field 'devcie'.")]
    [InlineData("{\"device\": \"a\", \"device\": \"b\"}", "Bad request: field 'device' is there twice.")]
    [InlineData("{\"device\": \"a\"", "Bad request: the body is not a JSON object (line 1, byte 15).")]
    [InlineData("[]", "Bad request: the body is not a JSON object (line 1, byte 2).")]
    [InlineData("null", "Bad request: the body is null.")]
    [InlineData("", "Bad request: the body is not a JSON object (line 1, byte 1).")]
    public async Task A_bad_body_names_the_field_or_the_place(string body, string detail)
    {
        await using var agent = await ServedAgent.StartAsync();
        var problem = await agent.ProblemAsync(HttpMethod.Post, "v1/recordings", body);
        Assert.Equal((400, "bad_request", detail), (problem.Status, problem.Code, problem.Detail));
        Assert.NotNull(problem.Remedy);
    }

    [Fact]
    public async Task A_body_of_another_kind_or_too_large_is_refused()
    {
        await using var agent = await ServedAgent.StartAsync();
        Assert.Equal(415, (await agent.ProblemAsync(HttpMethod.Post, "v1/recordings", "device=video0", "application/x-www-form-urlencoded")).Status);
        Assert.Equal(413, (await agent.ProblemAsync(HttpMethod.Post, "v1/recordings", new string(' ', 70_000))).Status);
    }

    [Fact]
    public async Task A_fault_of_the_daemon_is_told_and_survived()
    {
        await using var agent = await ServedAgent.StartAsync(ffmpeg: () => throw new InvalidOperationException("a fault"));
        var problem = await agent.ProblemAsync(HttpMethod.Get, "v1/status");
        Assert.Equal((500, "internal_error"), (problem.Status, problem.Code));
        Assert.Equal("GET /v1/status failed: InvalidOperationException: a fault", problem.Detail);
        Assert.NotEmpty((await agent.GetAsync("v1/devices", ContractJson.Default.DeviceList)).Devices);
    }
}
