using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ThatDam.Native.Errors;

namespace ThatDam.Native.Tests.Errors;

/// <summary>Holds every struct, constant and request number that crosses to the kernel against the C headers, by compiling C.</summary>
public sealed class CHeaderTests
{
    private static readonly string[] Compilers = ["cc", "aarch64-linux-gnu-gcc"];

    public static TheoryData<string> EachCompiler => [.. Compilers];

    [Theory]
    [MemberData(nameof(EachCompiler))]
    public async Task EveryStructAndConstantIsWhatTheHeadersSay(string compiler)
    {
        var claims = CClaim.Of(typeof(CHeaderAttribute).Assembly);
        Assert.True(claims.Count > 500, $"only {claims.Count} claims found: the search for them is broken");
        Assert.Contains(claims, claim => claim.Expression == "sizeof(struct v4l2_format)" && claim.Expected == "208");
        Assert.Contains(claims, claim => claim.Expression == "sizeof(struct v4l2_buffer)" && claim.Expected == "88");

        Assert.Equal("", await Complaints(compiler, claims));
    }

    [Theory]
    [MemberData(nameof(EachCompiler))]
    public async Task AMovedFieldAMissingOneAndAWrongValueAreFound(string compiler)
    {
        CClaim[] claims = [.. CClaim.Of(typeof(MovedControl)), .. CClaim.Of(typeof(ShortFraction)), .. CClaim.Of(typeof(WrongField)), .. CClaim.Of(typeof(MovedUnion))];

        var complaints = await Complaints(compiler, claims);

        Assert.Contains("offset of struct v4l2_control id is not 4", complaints, StringComparison.Ordinal);
        Assert.Contains("offset of struct v4l2_control value is not 0", complaints, StringComparison.Ordinal);
        Assert.Contains("size of struct v4l2_fract is not 4", complaints, StringComparison.Ordinal);
        Assert.Contains("V4L2_FIELD_TOP of WrongField.Top is not 0x3u", complaints, StringComparison.Ordinal);
        Assert.Contains("offset of struct v4l2_plane m.fd is not 12", complaints, StringComparison.Ordinal);
        Assert.DoesNotContain("V4L2_FIELD_INTERLACED_TB of", complaints, StringComparison.Ordinal);
    }

    private static async Task<string> Complaints(string compiler, IReadOnlyList<CClaim> claims)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(compiler, ["-x", "c", "-std=gnu11", "-fsyntax-only", "-w", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        };
        using var process = Start(start);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.StandardInput.WriteAsync(CClaim.Program(claims).AsMemory(), cancellation);
        process.StandardInput.Close();
        var complaints = await errors;
        await process.WaitForExitAsync(cancellation);
        Assert.Equal(complaints.Length == 0, process.ExitCode == 0);
        return complaints;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{start.FileName} is not installed");
            throw;
        }
    }

    [CHeader("linux/videodev2.h", Name = "struct v4l2_control")]
    [StructLayout(LayoutKind.Sequential)]
    internal struct MovedControl
    {
        public int value;
        public uint id;
    }

    [CHeader("linux/videodev2.h", Name = "struct v4l2_fract")]
    [StructLayout(LayoutKind.Sequential)]
    internal struct ShortFraction
    {
        public uint numerator;
    }

    [CHeader("linux/videodev2.h", Name = "struct v4l2_plane")]
    [StructLayout(LayoutKind.Sequential)]
    internal struct MovedUnion
    {
        public uint bytesused;
        public uint length;
        public Memory m;

        [StructLayout(LayoutKind.Sequential)]
        internal struct Memory
        {
            public uint mem_offset;
            public int fd;
        }
    }

    [CHeader("linux/videodev2.h", Name = "V4L2_FIELD_")]
    internal enum WrongField
    {
        Top = 3,
        InterlacedTb = 8,
    }
}
