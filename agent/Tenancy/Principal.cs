using System.Collections.Concurrent;
using System.Globalization;
using ThatDam.Native.Errors;
using ThatDam.Native.Users;

namespace ThatDam.Agent.Tenancy;

/// <summary>
/// A user of this machine as events, logs and audit name it: <c>uid:1000(name)</c>, or <c>uid:1000</c> when it has no name. The number is
/// what the kernel vouches for; the name is for people. For any thread.
/// </summary>
public sealed class Principal
{
    /// <summary>How long a name is believed.</summary>
    public static readonly TimeSpan NameLife = TimeSpan.FromMinutes(1);

    private const int MostNames = 1024;
    private static readonly Principal OfThisMachine = new(UserName.Of, TimeProvider.System);

    private readonly ConcurrentDictionary<uint, (string Text, long At)> _known = new();
    private readonly Func<uint, string?> _name;
    private readonly TimeProvider _time;

    /// <param name="name">The name of a user; null when it has none.</param>
    /// <param name="time">By which names grow old.</param>
    internal Principal(Func<uint, string?> name, TimeProvider time) => (_name, _time) = (name, time);

    /// <summary>The principal of a user. The first time it may take as long as the machine's user directory does.</summary>
    public static string Of(uint uid) => OfThisMachine.Text(uid);

    /// <inheritdoc cref="Of"/>
    internal string Text(uint uid)
    {
        var now = _time.GetTimestamp();
        if (_known.TryGetValue(uid, out var known) && _time.GetElapsedTime(known.At, now) < NameLife)
            return known.Text;
        if (_known.Count >= MostNames)
            _known.Clear();
        var text = Form(uid, Name(uid));
        _known[uid] = (text, now);
        return text;
    }

    private string? Name(uint uid)
    {
        try
        {
            return _name(uid);
        }
        catch (NativeException)
        {
            return null; // The number says it all.
        }
    }

    // A name from a directory server may hold anything, such as what ends a name here and begins another field there.
    private static string Form(uint uid, string? name) => string.IsNullOrEmpty(name)
        ? string.Create(CultureInfo.InvariantCulture, $"uid:{uid}")
        : string.Create(CultureInfo.InvariantCulture, $"uid:{uid}({string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || "._-$".Contains(c, StringComparison.Ordinal) ? c : '?'))})");
}
