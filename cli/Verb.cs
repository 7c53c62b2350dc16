using System.CommandLine;

namespace ThatDam.Cli;

/// <summary>A command that does something, with examples for its help.</summary>
/// <param name="name">Its word.</param>
/// <param name="description">What it does.</param>
/// <param name="examples">Command lines, each with what it is for after two spaces and a number sign.</param>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Shown by <c>--help</c>.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
