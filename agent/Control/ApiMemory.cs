using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace ThatDam.Agent.Control;

/// <summary>The buffers of the API's connections: the runtime's shared ones. Kestrel's own pool looks for unused blocks every ten seconds, which wakes six threads of a daemon that has nothing to do.</summary>
internal sealed class ApiMemory : IMemoryPoolFactory<byte>
{
    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => MemoryPool<byte>.Shared;
}
