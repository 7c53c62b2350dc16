using System.Text;

namespace ThatDam.Native.Tests.Uevents;

/// <summary>Forty names that a device might give itself to harm whoever shows, logs or parses them. None holds a NUL: no event can.</summary>
internal static class HostileNames
{
    public static IReadOnlyList<byte[]> All { get; } =
    [
        // Control characters and terminal sequences.
        .. Texts(
            "\n", "\r\n", "a\nACTION=remove", "\t\v\f", "\b\b\b\b", "\a", "\x01\x02\x03", "\x7f", "\u0085", "\u009b31m",
            "\x1b[31mred", "\x1b[2J\x1b[H", "\x1b]0;title\a", "\x1b]8;;http://x\a", "\x1bP+q\x1b\\", "\x1b(0", "\x1bc", "\x0e"),
        // Text that lies about its order, or is not seen.
        .. Texts("\u202egnp.exe", "\u2066\u2069", "\u200b", "\ufeff", "\ufffe", "e" + new string('\u0301', 200), "\u2028\u2029"),
        // Words of formats and shells.
        .. Texts("=", "==KEY=VALUE", "%s%n%x", "\"}, {\"a\":\"", "'; DROP TABLE devices; --", "$(reboot)", "../../etc/passwd", "<script>", "libudev", new string('A', 8000)),
        // No UTF-8.
        [0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82],
    ];

    private static IEnumerable<byte[]> Texts(params string[] texts) => texts.Select(Encoding.UTF8.GetBytes);
}
