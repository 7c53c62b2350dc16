using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using ThatDam.Native.Uevents;

namespace ThatDam.Native.Tests.Uevents;

/// <summary>More than a million inputs, always the same: sound messages spoilt in one to four ways, and mere noise.</summary>
public sealed class UeventMessageFuzzTests(ITestOutputHelper output)
{
    private const int Seed = 0x75657674;
    private const int Inputs = 1_050_000;

    private static readonly Regex Word = new("^[a-z]{1,32}$", RegexOptions.CultureInvariant | RegexOptions.ECMAScript);
    private static readonly uint[] Numbers = [0, 1, 39, 40, 41, 48, 4096, 32768, int.MaxValue, 0x80000000, uint.MaxValue - 40, uint.MaxValue];
    private static readonly byte[] Bytes = [0, (byte)'=', (byte)'@', (byte)'/', (byte)'\n', 0x1b, 0x7f, 0x80, 0xc0, 0xff, (byte)'0', (byte)'a'];

    [Fact]
    public void Nothing_makes_it_throw_and_what_it_accepts_is_sound()
    {
        output.WriteLine($"seed {Seed}, {Inputs} inputs");
        var random = new Random(Seed);
        var samples = UeventCorpus.Names.Select(name => (Bytes: UeventCorpus.Read(name), Form: UeventCorpus.FormOf(name))).ToArray();
        var input = new byte[8 << 10];
        var accepted = new int[3];
        var refused = new Dictionary<string, int>();

        for (var i = 0; i < Inputs; i++)
        {
            var (length, form) = Next(random, samples, input);
            var bytes = input.AsSpan(0, length);
            try
            {
                if (UeventMessage.TryParse(bytes, form, out var uevent, out var reason))
                {
                    accepted[(int)form]++;
                    Assert.Null(reason);
                    HoldsWhatIsSaid(bytes, form, uevent);
                }
                else
                {
                    Assert.Null(uevent);
                    refused[reason] = refused.GetValueOrDefault(reason) + 1;
                }
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {Seed}, input {i}, {form}, {Convert.ToHexString(bytes)}: {exception}");
            }
        }

        output.WriteLine($"accepted: {accepted[1]} of the kernel's form, {accepted[2]} of udev's");
        foreach (var (reason, count) in refused.OrderByDescending(pair => pair.Value))
            output.WriteLine($"{count} times: {reason}");
        // Else it tried nothing.
        Assert.True(accepted[1] > 10_000 && accepted[2] > 10_000, $"accepted only {accepted[1]} and {accepted[2]}");
        Assert.True(refused.Count >= 13, $"refused for {refused.Count} reasons only");
    }

    private static void HoldsWhatIsSaid(ReadOnlySpan<byte> bytes, UeventSource form, Uevent uevent)
    {
        Assert.Equal(0, bytes[^1]);
        Assert.True(Word.IsMatch(uevent.Action) && uevent.DevPath.StartsWith('/') && uevent.Subsystem.Length > 0 && uevent.Sequence > 0);
        Assert.True(uevent.Properties.Count is >= 4 and <= UeventMessage.MaxProperties);
        Assert.Equal(uevent.Action, uevent.Properties["ACTION"]);
        Assert.Equal(uevent.DevPath, uevent.Properties["DEVPATH"]);
        Assert.Equal(uevent.Sequence, ulong.Parse(uevent.Properties["SEQNUM"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(uevent.DevName, uevent.Properties.GetValueOrDefault("DEVNAME"));
        var size = 0;
        foreach (var (key, value) in uevent.Properties)
        {
            size += key.Length + value.Length + 2;
            Assert.True(key.Length > 0 && !key.Contains('=') && !key.Contains('\0') && !value.Contains('\0'));
        }

        Assert.True(size <= bytes.Length);
        if (form == UeventSource.Udev)
        {
            Assert.True(bytes.StartsWith("libudev\0"u8));
            Assert.Equal(0xfeedcafe, BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));
            Assert.Equal((uint)bytes.Length, BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]) + BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]));
        }
        else
        {
            Assert.True(bytes.StartsWith(Encoding.UTF8.GetBytes(uevent.Action + "@")));
        }
    }

    private static (int Length, UeventSource Form) Next(Random random, (byte[] Bytes, UeventSource Form)[] samples, byte[] input)
    {
        var (sample, form) = samples[random.Next(samples.Length)];
        if (random.Next(16) == 0)
            return (Noise(random, sample, input), random.Next(2) == 0 ? UeventSource.Kernel : UeventSource.Udev);

        sample.CopyTo(input, 0);
        var length = sample.Length;
        for (var changes = random.Next(1, 5); changes > 0 && length > 0; changes--)
            length = Spoil(random, samples, input, length);

        // Half of them again with lengths that fit, so that what lies behind the header is reached.
        if (form == UeventSource.Udev && length > 40 && random.Next(2) == 0)
        {
            sample.AsSpan(0, 20).CopyTo(input);
            BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(20), (uint)length - 40);
            if (random.Next(2) == 0)
                input[length - 1] = 0;
        }

        return (length, random.Next(64) == 0 ? (UeventSource)random.Next(4) : form);
    }

    private static int Noise(Random random, byte[] sample, byte[] input)
    {
        var length = random.Next(random.Next(1, 600));
        random.NextBytes(input.AsSpan(0, length));
        if (random.Next(2) == 0 && length > 40)
            sample.AsSpan(0, random.Next(40)).CopyTo(input);
        return length;
    }

    private static int Spoil(Random random, (byte[] Bytes, UeventSource Form)[] samples, byte[] input, int length)
    {
        var at = random.Next(length);
        var count = random.Next(1, Math.Min(64, length - at) + 1);
        switch (random.Next(9))
        {
            case 0:
                input[at] ^= (byte)(1 << random.Next(8));
                return length;
            case 1:
                input[at] = (byte)random.Next(256);
                return length;
            case 2:
                input[at] = Bytes[random.Next(Bytes.Length)];
                return length;
            case 3 when length >= 40:
                var number = random.Next(3) == 0 ? (uint)(length - 40 + random.Next(-2, 3)) : Numbers[random.Next(Numbers.Length)];
                BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(8 + (4 * random.Next(4))), number);
                return length;
            case 4:
                return random.Next(4) == 0 ? at : length - 1;
            case 5 when length + count <= input.Length: // said twice
                input.AsSpan(at, length - at).CopyTo(input.AsSpan(at + count));
                return length + count;
            case 6: // left out
                input.AsSpan(at + count, length - at - count).CopyTo(input.AsSpan(at));
                return length - count;
            case 7: // a piece of another
                var other = samples[random.Next(samples.Length)].Bytes;
                var from = random.Next(other.Length);
                count = Math.Min(Math.Min(count, other.Length - from), length - at);
                other.AsSpan(from, count).CopyTo(input.AsSpan(at));
                return length;
            default:
                random.NextBytes(input.AsSpan(at, count));
                return length;
        }
    }
}
