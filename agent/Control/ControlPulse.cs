using ThatDam.Agent.Supervision;

namespace ThatDam.Agent.Control;

/// <summary>The API's sign of life, for the watchdog: it beats with every request that comes in, before anything is asked of the rest of the daemon.</summary>
internal static class ControlPulse
{
    /// <summary>What the watchdog asks for: 204, and nothing is looked at, so that a slow disk or device is not the API's fault.</summary>
    public const string Path = "/-/pulse";

    /// <summary>Has the API beat.</summary>
    /// <param name="app">The API.</param>
    /// <param name="pulse">The pulse named <c>control</c>.</param>
    public static void UsePulse(this IApplicationBuilder app, LoopPulse pulse) => app.Use(next => context =>
    {
        pulse.Beat();
        if (context.Request.Path != Path)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });
}
