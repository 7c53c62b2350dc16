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
        { "{Device}: {From} → {State}", "7d2f0c3d1c0b4d0b9a3a5b1c8e5f4a61" },
        { "{Device}: {From} → {State}: {Reason}", "f1a0d7b2a5c34f4f8a0e6d9c3b7e2c18" },
        { "The configuration is left as it was: {Mistake}", "6b9c95551f0b403ea65cccd6d1f83650" },
        { "The configuration was read again; in force from now on: {Keys}", "d20b577a6cf44fe8aad29c649f940282" },
        { "The configuration was read again; in force after a restart (systemctl restart thatdam-capture): {Keys}", "2077ff2b02774be18fb2cae34b2d95db" },
        { "The configuration was read again; nothing has changed", "71d388b2cbf24dd8b3ca1f1cc2bca677" },
        { "{Recording} of {Device} cannot be gone on with", "4fd87528a72f4aea9f6778cdf53ab825" },
        { "{Recording} of {Device} cannot be gone on with yet: {Reason}", "accfae5a39984c14b5c9a3b1aa7dae2c" },
        { "{Recording} of {Device} is not gone on with: {Reason}", "fd5192979dbf4b03b92c0e730a92e306" },
        { "{Recording} of {Device} goes on as {Next}", "9391a1d1466b423082b6a441f2a9fca4" },
        { "The devices could not be looked at", "0d03f8a0640b406880fde24628d2ad85" },
        { "{Problem}", "ef32a7ec058f4f6c98078eec3002e48b" },
        { "Encoder {Encoder} does not work: {Problem}", "db52c9e73bc8415e9fd2c54ee9db3d54" },
        { "A waiting ffmpeg ({Pid}) {End}: {Reason}", "83c5cee4291343d4bc21b2fc08efa6bb" },
        { "No ffmpeg is kept warm: {Problem}", "eab40aec5914443a8111ab672560791f" },
        { "Devices are followed by the messages of {Source}; {Bytes} bytes may wait", "f0003342455b4fdeb77829c71eb30d64" },
        { "A message on devices is not believed, for {Reason}; {Count} since the start", "912b191b3fdd4be783ad6ab4f4b05ee2" },
        { "A change of the devices could not be told", "c6765b987fd54a3f8c24a17d10a267d7" },
        { "What is known of devices could not be kept: {Reason}", "1c0209e7eaca40da95845589d63b09be" },
        { "Messages on devices come no more: {Reason}", "42120369c2e1428d8bb3efb27db2cb9b" },
        { "The stable id {Id} could not be kept: {Reason}", "476e3a6f3bc6442ab20cad631460dacf" },
        { "{Method} {Path} failed", "bed0b314296642ebb78a7c5350dae254" },
        { "{Recording} of {Device}: {State} ({Reason}): {Error}", "f618568d0f51405b96a33d2f2508fe13" },
        { "{Recording} of {Device}: {State} {File}", "3884d3bdce314b32973276b4b03a6d9d" },
        { "{Recording}: its state cannot be stored: {Reason}", "a8f677a38b1d4e98837d67a2965f5429" },
        { "{Recording}: ended by a fault of this program", "5c20ecf4230846b0a14152b43dbc7023" },
        { "The device list could not be told: {Reason}", "4ca1c0b8baa14db99c0c6f4c2440c92b" },
        { "{Device}: its state {State} could not be told: {Reason}", "750ceda34b724571a9f87e6a9c118d6a" },
        { "The connection to the broker {Broker} does not end; it is left behind.", "9c9f3ba4a4dd4c1db6b350c28c24284d" },
        { "The publisher of events failed; it goes on.", "b40885f85f00474e90aa69d6e604aad7" },
        { "What is told at the first connection cannot be kept: {Problem}", "39f8f6bb9f14496ab267e69636511c0c" },
        { "Connected to the broker {Broker}, exchange {Exchange}; {Pending} events wait", "f0de41a8423e476a91fc5f4b972fa55e" },
        { "The broker {Broker} takes messages again", "06ecea847f214ebe9e3a2add8929f963" },
        { "A request for the device list over the broker could not be met: {Problem}", "d6e35b2604cb448b944550d604f79034" },
        { "{Problem} {Remedy}", "deac14e93da54057974a0171467f7f7d" },
        { "{Count} events were dropped unsent, for {Reason}", "717b95ed04e24fe580c4cc49a26092ff" },
        { "{Path} is written again; no event was left out", "f5a20599dcdd42329e1a47013ce67782" },
        { "The audit log cannot be written: {Reason}. The events wait in the state. Make room on its disk, and let the daemon's user write {Path}", "bd4f4217fff94323bff9117b55c9b661" },
        { "The audit log {Path} {Damage}, and damctl audit verify shows where. Keep a copy of its files, and see who may write to {Directory}", "69b37f594e8f417391f0b3f07e1be059" },
        { "The state in {Directory} is new, the audit log is not: it goes on after its line {Line}", "aa3e5783b20242d19fd33ec1bc4f7151" },
        { "The last line of the audit log {Path} was torn, by a crash most likely: its {Bytes} bytes are cut off", "714e87880434456a82cb571aa8ce48c6" },
        { "Ended recordings cannot be stored", "615ae79a691d4631b0eca0b655f3c6a2" },
        { "{Action} could not be written to the audit log: {Reason}", "01b4a17b1b094dff82fec7ac3576f817" },
        { "{Camera}: its state could not be settled", "2bbaa1a65c813ad84f6c19d48b07432a" },
        { "{Device}: recovery: {Silence}, its stream is restarted", "aca1b6a76a911a03d63be2e0dfa432d9" },
        { "{Device}: recovery: given up for now, {Pause}", "add387a3d8f16f7e0258efab3de35acc" },
        { "{Device}: recovery: opened anew", "ca37f320ff339ecefe7557e00f918a0e" },
        { "{Device}: recovery: reset on its USB bus ({Node})", "dc38b4866f243fd59fa1a8ef32b72c44" },
        { "{Device}: recovery: not reset on its USB bus: {Reason}", "780490756e6e225f41d7372470608932" },
        { "{Recording} of {Device}: file {Segment} ended ({Reason}), and the recording goes on: {Error}", "d3ab53a0bea965f62775061e147b2c5a" },
        { "{Recording} of {Device}: file {Segment} ended ({Reason}), and the recording goes on", "1debe165e5464b86aee3cb143de11045" },
        { "Whether the machine was suspended cannot be told", "d072f30b52d742b28f720a920b3cf7f1" },
        { "{Recording} of {Device}: no new file yet: {Reason}", "1ea07cfc7f276d19b858f9eddb70465a" },
        { "{Recording} of {Device}: the source has changed; from here on its size and rate are the source's own", "7bded50bab8b057a841ce08ebf6d179c" },
        { "The machine was suspended for {Seconds} s; what records goes on in new files", "7de5c359311ef2181b6bec7e6f04b412" },
        { "{Device} cannot be recorded by its rule {Rule} yet: {Reason}", "f1e6d40f73a7a5ecf9a3fef26cbf1f8c" },
        { "{Device} cannot be recorded by its rule {Rule}", "275ce1aeda16b38ec0436d126ed59924" },
        { "{Device}: that it is {State} could not be told", "c390f003fa544c1a94c528f796cc37ff" },
        { "{Recording} of {Device}: its driver hangs as the camera is closed", "2f56822705594793b5274c372bfa5fd5" },
        { "{Camera}: that it was stopped by hand cannot be kept; after a restart its rule records it again: {Reason}", "fd161e77381e4672b9800131daa620b7" },
        { "{Camera}: it may not be recorded by its rule after a restart: {Reason}", "3e5585ed8b4243339ab0d68499742c73" },
        { "A loop of the daemon does not come round: {Loops}; unless it does, systemd restarts the daemon", "b086164f483c4955be03423df93761d2" },
        { "The configuration was read again and could not be put in force, or not all of it: systemctl restart thatdam-capture puts it in force", "39ba3f3f4de2480a9cad9e481955ef81" },
        { "[Metrics] Listen={Place}: whoever reaches it over the network may read the figures, without a password; 127.0.0.1 keeps them on this machine", "cf5d6eb59afc4527bd1f375fe8c03d49" },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every template and its id.</summary>
    public static IReadOnlyDictionary<string, string> All => Ids;

    /// <summary>The id of a kind: 32 hexadecimal digits; null for a line of another program's part, such as the web server's.</summary>
    public static string? Of(string template) => Ids.GetValueOrDefault(template);
}
