using System.CommandLine;
using System.CommandLine.Parsing;

namespace ThatDam.Cli.Commands;

/// <summary>Arguments that name a device or a recording.</summary>
internal static class Naming
{
    /// <summary>A device.</summary>
    public static Argument<string> Device() =>
        Named("DEVICE", "The camera: its path, its stable id, its alias, or a part of its name that fits no other");

    /// <summary>A recording.</summary>
    public static Argument<string> Recording() =>
        Named("ID", "The recording, as `damctl record list` shows it");

    /// <summary>An argument that must not be empty.</summary>
    public static Argument<string> Named(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(NotEmpty);
        return argument;
    }

    private static void NotEmpty(ArgumentResult result)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
            result.AddError($"{result.Argument.Name} is empty.");
    }
}
