using System.Text.Json;
using System.Text.RegularExpressions;

namespace ThatDam.Agent.Tests.Control;

public sealed partial class DescriptionTests
{
    [Fact]
    public async Task The_document_describes_every_route_and_no_other()
    {
        await using var agent = await ServedAgent.StartAsync();
        using var document = JsonDocument.Parse(await agent.Client.GetStringAsync("openapi/v1.json"));
        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).Order(StringComparer.Ordinal);
        // The routes by their own list; MapOpenApi's is not part of the API.
        Assert.Equal(agent.Server.Routes.Where(route => !route.EndsWith(".json", StringComparison.Ordinal)).Order(StringComparer.Ordinal), described);
        Assert.Contains("POST /v1/recordings/{id}/stop", described);
    }

    [Fact]
    public async Task Every_described_route_is_served()
    {
        await using var agent = await ServedAgent.StartAsync();
        using var document = JsonDocument.Parse(await agent.Client.GetStringAsync("openapi/v1.json"));
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            // A method that no route takes finds out whether the path is there, and does nothing.
            using var request = new HttpRequestMessage(HttpMethod.Delete, Parameter().Replace(path.Name, "x"));
            using var answer = await agent.Client.SendAsync(request);
            Assert.Equal(405, (int)answer.StatusCode);
            // The path of one route may also be a name in another: /v1/devices/rescan.
            Assert.Empty(path.Value.EnumerateObject().Select(operation => operation.Name.ToUpperInvariant()).Except(answer.Content.Headers.Allow));
        }
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_its_errors_as_problems()
    {
        await using var agent = await ServedAgent.StartAsync();
        using var document = JsonDocument.Parse(await agent.Client.GetStringAsync("openapi/v1.json"));
        foreach (var operation in document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            Assert.NotEmpty(operation.Value.GetProperty("operationId").GetString()!);
            Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
            foreach (var response in operation.Value.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] is '4' or '5'))
            {
                var schema = response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema");
                Assert.Equal("#/components/schemas/Problem", schema.GetProperty("$ref").GetString());
            }
        }
        var recording = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Recording").GetProperty("properties");
        Assert.True(recording.TryGetProperty("stable_id", out _));
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
