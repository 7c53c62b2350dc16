using ThatDam.Native.Uevents;

namespace ThatDam.Native.Tests.Uevents;

/// <summary>
/// Messages as they were heard: those of <c>kernel-…</c> from Linux 6.18, those of <c>udev-…</c> from the sender of systemd 252.
/// </summary>
internal static class UeventCorpus
{
    private const string Prefix = "corpus/";

    public static IReadOnlyList<string> Names { get; } =
        [.. from name in typeof(UeventCorpus).Assembly.GetManifestResourceNames()
            where name.StartsWith(Prefix, StringComparison.Ordinal)
            orderby name
            select name[Prefix.Length..]];

    public static UeventSource FormOf(string name) => name.StartsWith("udev-", StringComparison.Ordinal) ? UeventSource.Udev : UeventSource.Kernel;

    public static byte[] Read(string name)
    {
        using var stream = typeof(UeventCorpus).Assembly.GetManifestResourceStream(Prefix + name);
        Assert.NotNull(stream);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
