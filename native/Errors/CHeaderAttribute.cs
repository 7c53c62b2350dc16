namespace ThatDam.Native.Errors;

/// <summary>
/// Names the C header that defines a struct or a set of constants. The layout test compiles C against that header and compares
/// every size, offset and value.
/// </summary>
/// <param name="header">The header as <c>#include</c> names it, such as <c>linux/videodev2.h</c>.</param>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Class | AttributeTargets.Field)]
internal sealed class CHeaderAttribute(string header) : Attribute
{
    /// <summary>The header as <c>#include</c> names it.</summary>
    public string Header { get; } = header;

    /// <summary>The C name where it differs from the C# one, such as <c>struct v4l2_format</c>; for an enum, the prefix of its members.</summary>
    public string? Name { get; init; }
}
