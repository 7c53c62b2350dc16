namespace ThatDam.Cli.Output;

/// <summary>Nobody reads the output any more, as in <c>damctl record watch | head</c>: an end, not an error.</summary>
internal sealed class ReaderGoneException() : Exception("the reader of the output has gone");
