using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>The recordings that run and those that were. A frame only: nothing records yet.</summary>
public sealed class Recorder
{
    /// <summary>Told when a recording's state changes.</summary>
    public event Action? Changed;

    public int ActiveCount => 0;

    public Task<Contract.Recording> StartAsync(RecordingRequest request, CancellationToken cancel) => throw new NotImplementedException();

    public Task<Contract.Recording> StopAsync(string id, string reason, CancellationToken cancel) => throw new NotImplementedException();

    public Contract.Recording Get(string id) => throw new NotImplementedException();

    public IReadOnlyList<Contract.Recording> List(bool activeOnly) => [];

    public Task StopAllAsync(string reason)
    {
        Changed?.Invoke();
        return Task.CompletedTask;
    }
}
