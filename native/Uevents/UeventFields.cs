using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace ThatDam.Native.Uevents;

/// <summary>A message that was checked, still in its bytes: so one of another subsystem costs no memory.</summary>
internal ref struct UeventFields
{
    private const int LongestAction = 32;

    public ReadOnlySpan<byte> Action;
    public ReadOnlySpan<byte> DevPath;
    public ReadOnlySpan<byte> Subsystem;
    public ulong Sequence;

    private ReadOnlySpan<byte> _properties; // KEY=VALUE\0 and nothing else
    private int _count;

    public static bool TryRead(ReadOnlySpan<byte> bytes, UeventSource form, out UeventFields fields, [NotNullWhen(false)] out string? reason)
    {
        fields = default;
        if (bytes.Length > UeventMessage.MaxLength)
            reason = "it is too long";
        else if (form == UeventSource.Udev)
            reason = fields.TakeUdevHeader(bytes) ?? fields.TakeProperties();
        else if (form == UeventSource.Kernel)
            reason = fields.TakeKernelHeader(bytes, out var action, out var path) ?? fields.TakeProperties() ?? fields.Compare(action, path);
        else
            reason = "it is of no known form";
        return reason is null;
    }

    public readonly Uevent ToUevent()
    {
        var properties = new Dictionary<string, string>(_count, StringComparer.Ordinal);
        for (var rest = _properties; rest.Length > 0;)
        {
            var property = Next(ref rest);
            var equals = property.IndexOf((byte)'=');
            properties[Encoding.UTF8.GetString(property[..equals])] = Encoding.UTF8.GetString(property[(equals + 1)..]);
        }

        return new Uevent
        {
            Action = properties["ACTION"],
            DevPath = properties["DEVPATH"],
            Subsystem = properties["SUBSYSTEM"],
            DevName = properties.GetValueOrDefault("DEVNAME"),
            DevPathOld = properties.GetValueOrDefault("DEVPATH_OLD"),
            DevType = properties.GetValueOrDefault("DEVTYPE"),
            Sequence = Sequence,
            Properties = properties,
        };
    }

    private string? TakeUdevHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < UdevHeader.Size)
            return "it is shorter than udev's header";
        var header = MemoryMarshal.Read<UdevHeader>(bytes);
        if (!bytes.StartsWith(UdevHeader.Prefix))
            return "it does not start as udev's do";
        if (header.Magic != UdevHeader.MagicInNetworkOrder)
            return "its magic number is not udev's";
        // A later udev may have a longer header: what it adds is skipped.
        if (header.HeaderSize < UdevHeader.Size || header.HeaderSize > (uint)bytes.Length)
            return "its header has an impossible size";
        if (header.PropertiesOffset != header.HeaderSize)
            return "its properties do not follow its header";
        if (header.PropertiesLength != (uint)bytes.Length - header.PropertiesOffset)
            return "its length is not what its header says";
        _properties = bytes[(int)header.PropertiesOffset..];
        return null;
    }

    private string? TakeKernelHeader(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> action, out ReadOnlySpan<byte> path)
    {
        action = path = default;
        var end = bytes.IndexOf((byte)0);
        var at = bytes.IndexOf((byte)'@');
        if (end < 0 || at < 0 || at > end)
            return "it does not start as the kernel's do";
        action = bytes[..at];
        path = bytes[(at + 1)..end];
        _properties = bytes[(end + 1)..];
        return null;
    }

    /// <summary>The kernel says these twice.</summary>
    private readonly string? Compare(ReadOnlySpan<byte> action, ReadOnlySpan<byte> path) =>
        action.SequenceEqual(Action) && path.SequenceEqual(DevPath) ? null : "its first line and its properties differ";

    private string? TakeProperties()
    {
        if (_properties.IsEmpty || _properties[^1] != 0)
            return "it is cut off";
        ReadOnlySpan<byte> sequence = default;
        for (var rest = _properties; rest.Length > 0; _count++)
        {
            if (_count == UeventMessage.MaxProperties)
                return "it has too many properties";
            var property = Next(ref rest);
            var equals = property.IndexOf((byte)'=');
            if (equals <= 0)
                return "a property of it is not KEY=VALUE";
            var value = property[(equals + 1)..];
            switch (property[..equals])
            {
                case var key when key.SequenceEqual("ACTION"u8):
                    Action = value;
                    break;
                case var key when key.SequenceEqual("DEVPATH"u8):
                    DevPath = value;
                    break;
                case var key when key.SequenceEqual("SUBSYSTEM"u8):
                    Subsystem = value;
                    break;
                case var key when key.SequenceEqual("SEQNUM"u8):
                    sequence = value;
                    break;
            }
        }

        if (Action.Length is 0 or > LongestAction || Action.ContainsAnyExceptInRange((byte)'a', (byte)'z'))
            return "its ACTION is not a word";
        if (DevPath.IsEmpty || DevPath[0] != '/')
            return "its DEVPATH is not a path";
        if (Subsystem.IsEmpty)
            return "it has no SUBSYSTEM";
        if (sequence.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !Utf8Parser.TryParse(sequence, out Sequence, out _) || Sequence == 0)
            return "its SEQNUM is not a number";
        return null;
    }

    /// <summary>Takes what lies before the next NUL; there is one.</summary>
    private static ReadOnlySpan<byte> Next(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)0);
        var taken = rest[..end];
        rest = rest[(end + 1)..];
        return taken;
    }
}
