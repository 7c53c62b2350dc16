using System.Reflection;
using System.Reflection.Emit;

namespace ThatDam.Agent.Tests;

/// <summary>
/// Which room's types name which, read from the compiled assembly: base types, interfaces, fields, signatures, attributes, locals, and
/// every type, member and constant that a method's IL names. A constant of a later room leaves no trace, for the compiler copies it.
/// </summary>
/// <param name="prefix">What the rooms' namespaces begin with, such as <c>ThatDam.Agent.</c>.</param>
internal sealed class Arrows(string prefix)
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Each arrow, as (room that names, room that is named, type and type).</summary>
    public IReadOnlyList<(string From, string To, string Between)> In(Assembly assembly) =>
    [
        .. from type in assembly.GetTypes()
           let room = Room(type)
           where room is not null
           from named in Named(type).SelectMany(Parts).Distinct()
           let other = Room(named)
           where other is not null && other != room && named.Assembly == assembly
           select (room, other, $"{type.FullName} → {named.FullName}"),
    ];

    /// <summary>The room that a type lives in; null for one outside of them.</summary>
    public string? Room(Type type) =>
        type.Namespace is { } name && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..].Split('.')[0] : null;

    private static IEnumerable<Type> Named(Type type)
    {
        if (type.BaseType is { } parent)
            yield return parent;
        foreach (var named in type.GetInterfaces().Concat(Attributes(type)).Concat(type.GetGenericArguments().SelectMany(Constraints)))
            yield return named;
        foreach (var field in type.GetFields(Everything))
        {
            foreach (var named in Attributes(field).Append(field.FieldType))
                yield return named;
        }
        foreach (var named in type.GetMembers(Everything).OfType<MethodBase>().SelectMany(OfMethod))
            yield return named;
    }

    private static IEnumerable<Type> OfMethod(MethodBase method)
    {
        foreach (var named in method.GetParameters().Select(parameter => parameter.ParameterType).Concat(Attributes(method)))
            yield return named;
        if (method is MethodInfo { ReturnType: var returned })
            yield return returned;
        if (method.IsGenericMethod)
        {
            foreach (var named in method.GetGenericArguments().SelectMany(Constraints))
                yield return named;
        }
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (var named in body.LocalVariables.Select(local => local.LocalType))
            yield return named;
        foreach (var named in body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType!))
            yield return named;
        foreach (var member in Tokens(body.GetILAsByteArray()!).Select(token => Resolve(method, token)))
        {
            foreach (var named in OfMember(member))
                yield return named;
        }
    }

    private static IEnumerable<Type> OfMember(MemberInfo? member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType!, field.FieldType],
        MethodBase method =>
        [
            .. method.DeclaringType is { } owner ? [owner] : Type.EmptyTypes,
            .. method.IsGenericMethod ? method.GetGenericArguments() : [],
            .. method.GetParameters().Select(parameter => parameter.ParameterType),
            .. method is MethodInfo { ReturnType: var returned } ? [returned] : Type.EmptyTypes,
        ],
        _ => [],
    };

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, ofMethod);
    }

    private static IEnumerable<int> Tokens(byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? OpCodesByValue[(short)(0xFE00 | il[at + 1])] : OpCodesByValue[il[at]];
            at += code.Size;
            switch (code.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    yield return BitConverter.ToInt32(il, at);
                    at += 4;
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at += 1;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + 4 * BitConverter.ToInt32(il, at);
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }

    private static IEnumerable<Type> Attributes(MemberInfo member) => member.GetCustomAttributesData().SelectMany(attribute =>
        attribute.ConstructorArguments.Select(argument => argument.Value).OfType<Type>().Append(attribute.AttributeType));

    private static Type[] Constraints(Type argument) => argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : [argument];

    // Of List<Frame[]> these are List and Frame.
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        if (type.IsFunctionPointer)
            return type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).SelectMany(Parts);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }
}
