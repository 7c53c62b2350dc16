namespace ThatDam.Native.Tests.V4L2;

/// <summary>Tests that share the kernel's devices, and count this process's descriptors: one at a time, and nothing beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class VividCollection
{
    public const string Name = "vivid";
}
