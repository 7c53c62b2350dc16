using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text;
using ThatDam.Native.Errors;
using ThatDam.Native.V4L2;

namespace ThatDam.Native.Tests.Errors;

/// <summary>Something that C# believes of C: that an expression, with its header, has a value.</summary>
internal sealed record CClaim(string Header, string Expression, string Expected, string Subject)
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Every claim of an assembly: whatever carries <see cref="CHeaderAttribute"/>.</summary>
    public static IReadOnlyList<CClaim> Of(Assembly assembly) => [.. assembly.GetTypes().SelectMany(Of)];

    /// <summary>The claims of one type.</summary>
    public static IEnumerable<CClaim> Of(Type type)
    {
        var header = type.GetCustomAttribute<CHeaderAttribute>();
        if (type.IsEnum)
            return header is null ? [] : OfEnum(type, header);
        var constants = OfConstants(type, header);
        return header is not null && type.IsValueType ? constants.Concat(OfStruct(type, header)) : constants;
    }

    /// <summary>C that compiles when every claim is true, and else says which is not.</summary>
    public static string Program(IReadOnlyList<CClaim> claims)
    {
        var text = new StringBuilder("#define _GNU_SOURCE\n#include <stddef.h>\n");
        foreach (var header in claims.Select(claim => claim.Header).Distinct())
            text.Append(CultureInfo.InvariantCulture, $"#include <{header}>\n");
        foreach (var claim in claims)
            text.Append(CultureInfo.InvariantCulture, $"_Static_assert({claim.Expression} == {claim.Expected}, \"{claim.Subject} is not {claim.Expected}\");\n");
        return text.ToString();
    }

    private static IEnumerable<CClaim> OfEnum(Type type, CHeaderAttribute header) =>
        from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
        let own = field.GetCustomAttribute<CHeaderAttribute>()
        let value = field.GetRawConstantValue()!
        // "None" is C#'s word for no flag at all.
        where own is not null || field.Name != "None" || ToBits(value) != 0
        select OfValue(own?.Header ?? header.Header, own?.Name ?? header.Name + ToConstantCase(field.Name), value, $"{type.Name}.{field.Name}");

    private static IEnumerable<CClaim> OfConstants(Type type, CHeaderAttribute? header) =>
        from field in type.GetFields(Everything | BindingFlags.Static)
        let own = field.GetCustomAttribute<CHeaderAttribute>()
        where own is not null || (header is not null && !field.IsPrivate)
        let value = field.IsLiteral ? field.GetRawConstantValue() : field.GetValue(null)
        select OfValue(
            own?.Header ?? header!.Header,
            own?.Name ?? (type.IsValueType ? "" : header?.Name) + ToConstantCase(field.Name),
            value is Fourcc fourcc ? fourcc.Value : value!,
            $"{type.Name}.{field.Name}");

    private static IEnumerable<CClaim> OfStruct(Type type, CHeaderAttribute header)
    {
        var name = header.Name ?? $"struct {type.Name}";
        yield return new CClaim(header.Header, $"sizeof({name})", SizeOf(type), $"size of {name}");
        foreach (var claim in OfMembers(type, type, [], header.Header, name, ""))
            yield return claim;
    }

    /// <summary>
    /// The members of a struct, under their C# names. A struct nested in it without a header of its own stands for a nested union or struct of
    /// C, and is entered. A private field stands for nothing in C.
    /// </summary>
    private static IEnumerable<CClaim> OfMembers(Type root, Type type, FieldInfo[] outer, string header, string name, string prefix)
    {
        foreach (var field in type.GetFields(Everything | BindingFlags.Instance).Where(field => !field.IsPrivate))
        {
            FieldInfo[] path = [.. outer, field];
            var member = prefix + (field.GetCustomAttribute<CHeaderAttribute>()?.Name ?? field.Name.TrimStart('@'));
            yield return new CClaim(header, $"offsetof({name}, {member})", OffsetOf(root, path), $"offset of {name} {member}");
            yield return new CClaim(header, $"sizeof((({name} *)0)->{member})", SizeOf(field.FieldType), $"size of {name} {member}");
            if (field.FieldType.DeclaringType == type && field.FieldType.IsValueType
                && field.GetCustomAttribute<FixedBufferAttribute>() is null && field.FieldType.GetCustomAttribute<CHeaderAttribute>() is null)
            {
                foreach (var claim in OfMembers(root, field.FieldType, path, header, name, member + "."))
                    yield return claim;
            }
        }
    }

    private static CClaim OfValue(string header, string expression, object value, string subject)
    {
        // Compared at the width that C# gives it, so that C's int and C#'s uint agree on bit 31.
        var (cast, suffix) = value switch
        {
            byte or sbyte => ("unsigned char", "u"),
            short or ushort => ("unsigned short", "u"),
            int or uint => ("unsigned int", "u"),
            _ => ("unsigned long long", "ull"),
        };
        return new CClaim(header, $"({cast})({expression})", $"0x{ToBits(value):x}{suffix}", $"{expression} of {subject}");
    }

    private static ulong ToBits(object value) => value switch
    {
        sbyte v => (byte)v,
        short v => (ushort)v,
        int v => (uint)v,
        long v => (ulong)v,
        nint v => (ulong)v,
        nuint v => v,
        _ => Convert.ToUInt64(value, CultureInfo.InvariantCulture),
    };

    /// <summary>HasCea861Vic → HAS_CEA861_VIC, NoHLock → NO_H_LOCK; a C name, with underlines or without lower-case letters, stays as it is.</summary>
    private static string ToConstantCase(string name)
    {
        if (name.Contains('_', StringComparison.Ordinal) || !name.Any(char.IsLower))
            return name;
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var opens = i > 0 && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            text.Append(opens ? "_" : "").Append(char.ToUpperInvariant(name[i]));
        }

        return text.ToString();
    }

    // Asked of the runtime's own layout, not of the marshaller's.
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Tests run on the JIT.")]
    private static string OffsetOf(Type type, FieldInfo[] path)
    {
        var method = new DynamicMethod("OffsetOf", typeof(long), [], typeof(CClaim), skipVisibility: true);
        var il = method.GetILGenerator();
        il.DeclareLocal(type);
        il.Emit(OpCodes.Ldloca_S, (byte)0);
        foreach (var field in path)
            il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldloca_S, (byte)0);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Ret);
        return ((long)method.Invoke(null, null)!).ToString(CultureInfo.InvariantCulture);
    }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Tests run on the JIT.")]
    private static string SizeOf(Type type)
    {
        if (type.IsPointer)
            return IntPtr.Size.ToString(CultureInfo.InvariantCulture);
        var method = new DynamicMethod("SizeOf", typeof(int), [], typeof(CClaim), skipVisibility: true);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Sizeof, type);
        il.Emit(OpCodes.Ret);
        return ((int)method.Invoke(null, null)!).ToString(CultureInfo.InvariantCulture);
    }
}
