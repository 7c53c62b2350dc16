using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.Uevents;

/// <summary>
/// The classic BPF program that has the kernel pass only udev's messages of some subsystems: those with udev's magic number and the hash of
/// one of them. What it drops takes no room in the receive buffer and wakes nobody, so a storm of other devices costs nothing. A hash may
/// stand for several names, and its sender wrote it: who receives compares the name too. The kernel's own messages bear no hash.
/// </summary>
internal static class UeventFilter
{
    private const uint Drop = 0;
    private const uint PassWhole = 0xffffffff;

    /// <summary>The program; its loads of 32 bits are in network order, as the magic number and the hashes are.</summary>
    public static sock_filter[] For(IEnumerable<byte[]> subsystems)
    {
        var program = new List<sock_filter>
        {
            Load(UdevHeader.MagicOffset),
            SkipIfEqual(UdevHeader.MagicNumber, skipped: 1, otherwise: 0),
            Return(Drop),
            Load(UdevHeader.SubsystemHashOffset),
        };
        foreach (var subsystem in subsystems)
        {
            program.Add(SkipIfEqual(Hash(subsystem), skipped: 0, otherwise: 1));
            program.Add(Return(PassWhole));
        }

        program.Add(Return(Drop));
        return [.. program];
    }

    /// <summary>MurmurHash2 by Austin Appleby (public domain), seed 0: what udev hashes names with.</summary>
    public static uint Hash(ReadOnlySpan<byte> name)
    {
        const uint Multiplier = 0x5bd1e995;
        var hash = (uint)name.Length;
        for (; name.Length >= sizeof(uint); name = name[sizeof(uint)..])
        {
            var word = MemoryMarshal.Read<uint>(name) * Multiplier;
            word = (word ^ (word >> 24)) * Multiplier;
            hash = (hash * Multiplier) ^ word;
        }

        for (var i = name.Length - 1; i >= 0; i--)
            hash ^= (uint)name[i] << (8 * i);
        if (name.Length > 0)
            hash *= Multiplier;
        hash = (hash ^ (hash >> 13)) * Multiplier;
        return hash ^ (hash >> 15);
    }

    private static sock_filter Load(uint offset) => new() { code = BpfCode.BPF_LD | BpfCode.BPF_W | BpfCode.BPF_ABS, k = offset };

    private static sock_filter SkipIfEqual(uint value, byte skipped, byte otherwise) =>
        new() { code = BpfCode.BPF_JMP | BpfCode.BPF_JEQ | BpfCode.BPF_K, jt = skipped, jf = otherwise, k = value };

    private static sock_filter Return(uint length) => new() { code = BpfCode.BPF_RET | BpfCode.BPF_K, k = length };
}

/// <summary>The parts of an instruction's code. Source: &lt;linux/bpf_common.h&gt;.</summary>
[CHeader("linux/filter.h")]
internal static class BpfCode
{
    public const ushort BPF_LD = 0x00;
    public const ushort BPF_JMP = 0x05;
    public const ushort BPF_RET = 0x06;
    public const ushort BPF_W = 0x00;
    public const ushort BPF_ABS = 0x20;
    public const ushort BPF_JEQ = 0x10;
    public const ushort BPF_K = 0x00;
}

/// <summary>An instruction. Source: &lt;linux/filter.h&gt;.</summary>
[CHeader("linux/filter.h", Name = "struct sock_filter")]
[StructLayout(LayoutKind.Sequential)]
internal struct sock_filter
{
    public ushort code;
    public byte jt;
    public byte jf;
    public uint k;
}

/// <summary>What SO_ATTACH_FILTER takes. Source: &lt;linux/filter.h&gt;.</summary>
[CHeader("linux/filter.h", Name = "struct sock_fprog")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct sock_fprog
{
    public ushort len;
    public sock_filter* filter;
}
