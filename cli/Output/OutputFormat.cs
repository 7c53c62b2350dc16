namespace ThatDam.Cli.Output;

/// <summary>How a command prints its result.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>The API's own JSON, one document; of a stream, one a line.</summary>
    Json,

    /// <summary>One object a line: each element of a list.</summary>
    JsonLines,
}
