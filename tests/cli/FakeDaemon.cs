using System.Collections.Concurrent;
using System.Text;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ThatDam.Cli.Tests;

/// <summary>The daemon's API on a Unix socket, answering what a test tells it to.</summary>
internal sealed class FakeDaemon : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<RequestDelegate>> _answers = new();
    private readonly WebApplication _app;

    private FakeDaemon(string directory)
    {
        Directory = directory;
        SocketPath = Path.Combine(directory, "capture.sock");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(SocketPath));
        _app = builder.Build();
        _app.Run(Answer);
    }

    /// <summary>A directory of its own, gone at the end.</summary>
    public string Directory { get; }

    public string SocketPath { get; }

    /// <summary>Each request so far: method, target, and body if any.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<FakeDaemon> Start()
    {
        var daemon = new FakeDaemon(System.IO.Directory.CreateTempSubdirectory("damctl-").FullName);
        await daemon._app.StartAsync();
        return daemon;
    }

    /// <summary>Answers a request. Of several answers to one request each is given once, the last for ever.</summary>
    public FakeDaemon On(string request, string json, int status = 200, string mediaType = "application/json") => On(request, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        await context.Response.WriteAsync(json);
    });

    /// <summary>Answers a request so from now on.</summary>
    public FakeDaemon Only(string request, string json)
    {
        _answers.TryRemove(request, out _);
        return On(request, json);
    }

    public FakeDaemon On(string request, RequestDelegate answer)
    {
        _answers.GetOrAdd(request, _ => new()).Enqueue(answer);
        return this;
    }

    /// <summary>Refuses a request, as the daemon does.</summary>
    public FakeDaemon Refuse(string request, int status, string detail, string? remedy = null, string code = "some_code") => On(
        request,
        Samples.Json(new ThatDam.Contract.ProblemException(status, code, "Some title", detail, remedy).Problem),
        status,
        "application/problem+json");

    /// <summary>Answers with events, then ends the stream, or keeps it open until the client goes.</summary>
    public FakeDaemon Stream(string request, bool open = false, params string[] events) => On(request, async context =>
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(": a comment\n\n");
        foreach (string data in events)
        {
            await context.Response.WriteAsync($"event: some\ndata: {data}\n\n");
            await context.Response.Body.FlushAsync();
        }

        await context.Response.Body.FlushAsync();
        if (open)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    });

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(deadline.Token);
        await _app.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private async Task Answer(HttpContext context)
    {
        string request = $"{context.Request.Method} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}";
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        string body = await reader.ReadToEndAsync();
        Requests.Enqueue(body.Length == 0 ? request : $"{request} {body}");
        if (!_answers.TryGetValue(request, out ConcurrentQueue<RequestDelegate>? answers) || !answers.TryPeek(out RequestDelegate? answer))
        {
            context.Response.StatusCode = 418;
            await context.Response.WriteAsync($"no test said what {request} shall answer");
            return;
        }

        if (answers.Count > 1)
            answers.TryDequeue(out _);
        await answer(context);
    }
}
