namespace ThatDam.Agent.Capture;

/// <summary>
/// Calls into one camera's driver that may hang, each on a thread of its own and with a limit. While one hangs no other is made, so that a
/// driver that never answers costs one thread. One caller at a time.
/// </summary>
internal sealed class DriverCalls
{
    private Task _last = Task.CompletedTask;

    /// <summary>Makes a call.</summary>
    /// <param name="call">The call; what it throws is thrown here.</param>
    /// <param name="limit">How long it is waited for.</param>
    /// <param name="time">The limit's clock.</param>
    /// <param name="late">Takes what comes after the limit.</param>
    /// <exception cref="TimeoutException">It hangs, or one before it still does; then it was not made.</exception>
    public async Task<T> AskAsync<T>(Func<T> call, TimeSpan limit, TimeProvider time, Action<T>? late = null)
    {
        if (!_last.IsCompleted)
            throw new TimeoutException();
        var asked = Task.Run(call);
        _last = asked;
        try
        {
            return await asked.WaitAsync(limit, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _last = asked.ContinueWith(
                answered =>
                {
                    if (answered.IsCompletedSuccessfully)
                        late?.Invoke(answered.Result);
                    else
                        _ = answered.Exception; // seen
                },
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }
}
