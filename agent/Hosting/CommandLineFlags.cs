namespace ThatDam.Agent.Hosting;

/// <summary>What the command line said.</summary>
internal sealed record CommandLineFlags
{
    /// <summary>What an entry from the command line calls its place.</summary>
    public const string Place = "command line";

    /// <summary>The only configuration file to read; null: the default ones.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Values over those of the files and the environment, in their order.</summary>
    public IReadOnlyList<ConfigurationEntry> Values { get; init; } = [];
}
