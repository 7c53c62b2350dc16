using ThatDam.Agent.Control;
using ThatDam.Agent.Publishing;
using ThatDam.Agent.Recording;

namespace ThatDam.Agent.Hosting;

/// <summary>How the daemon ends.</summary>
internal static class AgentLifetime
{
    // For requests that were under way when the last recording had ended.
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    // For the last events to reach a broker that is there. Those that do not are sent after the next start.
    private static readonly TimeSpan LastEvents = TimeSpan.FromSeconds(3);

    /// <summary>Waits for SIGTERM, SIGINT or SIGQUIT.</summary>
    public static async Task UntilStoppingAsync(CancellationToken stopping)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(asked.SetResult).ConfigureAwait(false);
        await asked.Task.ConfigureAwait(false);
    }

    /// <summary>
    /// Lets nobody in, ends every recording, answers those who waited for it, tells the broker, and closes. Returns when every file is final.
    /// </summary>
    public static async Task StopAsync(ControlServer server, Recorder recorder, BrokerPublisher broker)
    {
        using var patience = new CancellationTokenSource();
        var closing = server.StopAsync(patience.Token);
        await recorder.StopAllAsync("shutdown").ConfigureAwait(false);
        server.EndStreams();
        patience.CancelAfter(LastAnswers);
        await closing.ConfigureAwait(false);
        // A start that was under way when they were all stopped.
        await recorder.StopAllAsync("shutdown").ConfigureAwait(false);
        await broker.StopAsync(LastEvents).ConfigureAwait(false);
    }
}
