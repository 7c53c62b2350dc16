using System.Collections.Frozen;

namespace ThatDam.Agent.Hosting.Journal;

/// <summary>
/// The kinds of lines: each message template and its MESSAGE_ID, by which <c>journalctl MESSAGE_ID=…</c> finds every line of the kind. An id
/// stays for ever: who rewords a template keeps its id. A new line takes a new one, from <c>systemd-id128 new</c>.
/// </summary>
internal static class JournalKind
{
    /// <summary>The journal does not take the log.</summary>
    public const string Away = "The log goes to stderr for now: {Reason}";

    /// <summary>It takes it again.</summary>
    public const string Back = "The log goes to the journal again; {Lines} lines went to stderr";

    /// <summary>The queue was full.</summary>
    public const string Lost = "{Lines} lines of the log were lost: they came faster than they were taken";

    private static readonly FrozenDictionary<string, string> Ids = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        { Away, "4d4cc3ce341249dfa1f455bba98f3863" },
        { Back, "b3836669c8fe49068168418e2d300a24" },
        { Lost, "57cad3c3d5914918b279dfd2714114a3" },
        { "{Device}: streaming {Format} {Width}x{Height} at {Fps} fps, {Buffers} buffers, {Transport}", "0e1214e848db4a85989a4473d16ce766" },
        { "{Device}: closed", "a1580594886a47a4bc3894ea7169d2d5" },
        { "{Device}: the stream ended: {Reason}", "56e1a9a466a7474ba9844b0833311b2e" },
        { "The devices could not be looked at", "0d03f8a0640b406880fde24628d2ad85" },
        { "{Problem}", "ef32a7ec058f4f6c98078eec3002e48b" },
        { "Encoder {Encoder} does not work: {Problem}", "db52c9e73bc8415e9fd2c54ee9db3d54" },
        { "A waiting ffmpeg ({Pid}) {End}: {Reason}", "83c5cee4291343d4bc21b2fc08efa6bb" },
        { "No ffmpeg is kept warm: {Problem}", "eab40aec5914443a8111ab672560791f" },
        { "The stable id {Id} could not be kept: {Reason}", "476e3a6f3bc6442ab20cad631460dacf" },
        { "{Method} {Path} failed", "bed0b314296642ebb78a7c5350dae254" },
        { "{Recording} of {Device}: {State} ({Reason}): {Error}", "f618568d0f51405b96a33d2f2508fe13" },
        { "{Recording} of {Device}: {State} {File}", "3884d3bdce314b32973276b4b03a6d9d" },
        { "{Recording}: its state cannot be stored: {Reason}", "a8f677a38b1d4e98837d67a2965f5429" },
        { "{Recording}: ended by a fault of this program", "5c20ecf4230846b0a14152b43dbc7023" },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every template and its id.</summary>
    public static IReadOnlyDictionary<string, string> All => Ids;

    /// <summary>The id of a kind: 32 hexadecimal digits; null for a line of another program's part, such as the web server's.</summary>
    public static string? Of(string template) => Ids.GetValueOrDefault(template);
}
