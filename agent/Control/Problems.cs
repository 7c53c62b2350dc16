using System.Globalization;
using ThatDam.Contract;

namespace ThatDam.Agent.Control;

/// <summary>Every error as a problem (RFC 9457), the routing's own and the unforeseen ones too.</summary>
internal static class Problems
{
    private const string MediaType = "application/problem+json";

    /// <summary>Turns what the rest of the pipeline throws, or leaves without a body, into problems.</summary>
    public static void UseProblems(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ThatDam.Agent.Control");
        app.Use(async (context, next) =>
        {
            Problem? problem;
            try
            {
                await next(context).ConfigureAwait(false);
                problem = OfStatus(context);
            }
            catch (ProblemException e)
            {
                problem = e.Problem;
            }
            catch (BadHttpRequestException e)
            {
                problem = OfRequest(e);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
            {
                return; // the client has gone
            }
            catch (Exception e)
            {
                log.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path.Value);
                problem = Unforeseen(context, e);
            }
            if (problem is not null && !context.Response.HasStarted)
                await WriteAsync(context, problem).ConfigureAwait(false);
        });
    }

    /// <summary>Says in the OpenAPI document which errors a route may answer with.</summary>
    public static RouteHandlerBuilder MayFail(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
            route.Produces<Problem>(status, MediaType);
        return route.Produces<Problem>(StatusCodes.Status500InternalServerError, MediaType);
    }

    private static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.SetCode(problem.Code);
        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(problem, ContractJson.Default.Problem, MediaType, CancellationToken.None);
    }

    private static Problem? OfStatus(HttpContext context)
    {
        if (context.Response.HasStarted || context.Response.ContentLength > 0 || context.Response.ContentType is not null)
            return null;
        var asked = $"{context.Request.Method} {context.Request.Path.Value}";
        return context.Response.StatusCode switch
        {
            404 => New(404, "route_not_found", "No such route", $"{asked}: there is no such route.", "/openapi/v1.json lists what there is."),
            405 => New(405, "method_not_allowed", "Method not allowed", $"{asked}: this route takes {context.Response.Headers.Allow}.", "/openapi/v1.json lists what there is."),
            415 => New(415, "unsupported_media_type", "Not JSON", $"{asked}: the body must be application/json.", "Send the header Content-Type: application/json."),
            400 => New(400, "bad_request", "Bad request", $"{asked}{context.Request.QueryString}: a parameter has a value that will not do.", "/openapi/v1.json describes the parameters."),
            >= 400 and var status => New(status, "bad_request", "Bad request", string.Create(CultureInfo.InvariantCulture, $"{asked}: refused with {status}.")),
            _ => null,
        };
    }

    private static Problem OfRequest(BadHttpRequestException e) => e.StatusCode switch
    {
        413 => New(413, "body_too_large", "Body too large", "The body is larger than 64 KiB.", "No request of this API needs so much."),
        408 => New(408, "request_timeout", "Request too slow", "The body did not arrive in time."),
        _ => New(e.StatusCode, "bad_request", "Bad request", e.Message),
    };

    private static Problem Unforeseen(HttpContext context, Exception e) => New(
        500, "internal_error", "Internal error",
        $"{context.Request.Method} {context.Request.Path.Value} failed: {e.GetType().Name}: {e.Message}",
        "This is a fault of the daemon, which still runs; its log says more: journalctl -u thatdam-capture.");

    private static Problem New(int status, string code, string title, string detail, string? remedy = null) =>
        new ProblemException(status, code, title, detail, remedy).Problem;
}
