using System.Globalization;
using ThatDam.Contract;
using ThatDam.Native.Errors;
using ThatDam.Native.Users;

namespace ThatDam.Agent.Control;

/// <summary>
/// Who may change something: root and the daemon's own user always; of the others those named in <see cref="ControlOptions.Operators"/>, or
/// everyone who may connect where nobody is named. Everyone who may connect may look.
/// </summary>
/// <param name="first">Users, and groups with <c>@</c>, each by name or number.</param>
/// <param name="self">The daemon's user.</param>
/// <param name="userName">The name of a user; null where it has none.</param>
/// <param name="groupId">The number of a group; null where there is none.</param>
public sealed class Operators(IReadOnlyList<string> first, uint self, Func<uint, string?> userName, Func<string, uint?> groupId)
{
    private volatile IReadOnlyList<string> _named = first;

    /// <summary>By the users and groups of this machine.</summary>
    public Operators(ControlOptions options)
        : this(options.Operators, OwnUser.Id, UserName.Of, GroupId.Of)
    {
    }

    /// <summary>Names others, from now on.</summary>
    public void Name(IReadOnlyList<string> others) => _named = others;

    /// <summary>Whether who is at the other end may.</summary>
    /// <param name="peer">Who it is.</param>
    /// <param name="groups">Its supplementary groups; asked for only where they matter.</param>
    public bool May(PeerCredentials peer, Func<IReadOnlyCollection<uint>> groups)
    {
        var named = _named;
        if (named.Count == 0 || peer.Uid == 0 || peer.Uid == self)
            return true;
        if (named.Any(one => one[0] != '@' && Is(one, peer.Uid)))
            return true;
        var wanted = named.Where(one => one[0] == '@').Select(one => Number(one[1..]) ?? Looked(() => groupId(one[1..]))).OfType<uint>().ToList();
        return wanted.Count > 0 && (wanted.Contains(peer.Gid) || groups().Any(wanted.Contains));
    }

    /// <summary>What is said to who may not.</summary>
    /// <param name="principal">Who it is.</param>
    public ProblemException Refusal(string principal) => new(
        403, "not_operator", "Not an operator",
        $"{principal} may look and change nothing: the operators are {string.Join(", ", _named)}.",
        _named.FirstOrDefault(one => one[0] == '@') is { } group
            ? $"Become a member of the group {group[1..]}: sudo usermod -aG {group[1..]} $USER, then log in anew. Or ask an administrator."
            : "Ask an administrator to name you in Operators= of [Control].");

    private bool Is(string one, uint uid) => Number(one) is { } number ? number == uid : Looked(() => userName(uid)) == one;

    private static uint? Number(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Who cannot be looked up is nobody.
    private static T? Looked<T>(Func<T?> look)
    {
        try
        {
            return look();
        }
        catch (NativeException)
        {
            return default;
        }
    }
}
