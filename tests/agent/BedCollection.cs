namespace ThatDam.Agent.Tests;

/// <summary>Tests that share the test bed's cameras: one at a time.</summary>
[CollectionDefinition("bed", DisableParallelization = true)]
public sealed class BedCollection;
