namespace ThatDam.Cli.Output;

/// <summary>How a text stands out: the SGR parameter (ECMA-48, 8.3.117).</summary>
internal enum Style
{
    None = 0,
    Bold = 1,
    Dim = 2,
    Red = 31,
    Green = 32,
    Yellow = 33,
}
