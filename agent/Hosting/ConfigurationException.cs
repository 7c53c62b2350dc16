namespace ThatDam.Agent.Hosting;

/// <summary>A configuration that cannot be used.</summary>
/// <param name="mistakes">Each with the file and line, variable or flag where it stands.</param>
internal sealed class ConfigurationException(IReadOnlyList<string> mistakes) : Exception(string.Join('\n', mistakes))
{
    /// <summary>Each with the file and line, variable or flag where it stands.</summary>
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
