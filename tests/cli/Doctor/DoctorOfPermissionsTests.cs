using System.Globalization;
using System.Runtime.InteropServices;

using ThatDam.Cli.Doctor;
using ThatDam.Cli.Tests.Commands;
using ThatDam.Contract;

namespace ThatDam.Cli.Tests.Doctor;

/// <summary>What doctor says of a device that the daemon may not open.</summary>
public sealed partial class DoctorOfPermissionsTests
{
    private const uint Daemon = 998;

    private static readonly AgentStatus s_status = StatusTests.WithCameras with { Cameras = [], Watch = null, Events = null };
    private static readonly DeviceSummary s_denied = Samples.Webcam with
    {
        State = "unavailable",
        Streaming = null,
        Problem = "/dev/video0 may not be opened by the user thatdam. Add that user to the group that owns the node.",
    };

    [Fact]
    public async Task A_daemon_that_ends_between_two_looks_leaves_one_finding()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();

        Outcome outcome = Run(daemon, Machine(daemon).Ends(4711, reads: 1));

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Error));
        Assert.StartsWith("error: /dev/video0: the daemon may not open it\n", outcome.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n1 error, 0 warnings; /dev/video0 and 1 process looked at\n", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("1 error, 0 warnings", Run(daemon, Machine(daemon).Ends(4711, reads: 0)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_access_list_that_lets_the_daemon_in_is_no_denial()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        FakeMachine machine = Machine(daemon).List("/dev/video0", (1, 6, 0), (2, 6, Daemon), (4, 0, 0), (16, 6, 0), (32, 0, 0));

        string text = Run(daemon, machine).Out;

        // It was let in after the daemon had looked: what the daemon said is all there is.
        Assert.StartsWith("error: /dev/video0: it could not be read in full\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("usermod", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bits_of_the_group_are_a_mask_where_there_is_an_access_list()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        FakeMachine machine = Machine(daemon).List("/dev/video0", (1, 6, 0), (2, 6, 1000), (4, 0, 0), (16, 6, 0), (32, 0, 0));

        string text = Run(daemon, machine).Out;

        Assert.Contains("mode 0660 and an access list (acl(5)); the daemon runs as thatdam", text, StringComparison.Ordinal);
        Assert.Contains("  remedy  let its group read and write it", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "5", true)] // the owner
    [InlineData(7, "6", false)] // the group, by the mask
    [InlineData(7, "8", true)] // a group with all
    [InlineData(7, "6 8", true)] // any of them
    [InlineData(9, "8", false)] // a user who is named, and may only read
    [InlineData(7, "7", false)] // others
    public void An_access_list_is_read_as_the_kernel_does(uint user, string groups, bool opens)
    {
        AccessList list = AccessList.Parse([2, 0, 0, 0, .. Entry(1, 6, 0), .. Entry(2, 4, 9), .. Entry(4, 1, 0), .. Entry(8, 6, 8), .. Entry(16, 6, 0), .. Entry(32, 4, 0)])!;
        Assert.Equal(opens, list.Opens(5, 6, user, [.. groups.Split(' ').Select(group => uint.Parse(group, CultureInfo.InvariantCulture))]));
        Assert.False(list.LetsItsGroup);
    }

    [Fact]
    public async Task The_access_list_of_a_file_is_what_the_kernel_has()
    {
        await using FakeDaemon daemon = await FakeDaemon.Start();
        string file = Path.Combine(daemon.Directory, "node");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        Assert.Null(new Machine().Owner(file)!.Access);

        byte[] list = [2, 0, 0, 0, .. Entry(1, 6, uint.MaxValue), .. Entry(2, 6, 54321), .. Entry(4, 0, uint.MaxValue), .. Entry(16, 6, uint.MaxValue), .. Entry(32, 0, uint.MaxValue)];
        Assert.SkipUnless(SetAttribute(file, AccessList.Attribute, list, (nuint)list.Length, 0) == 0, "the file system of the temporary directory keeps no access lists");

        FileOwner owner = new Machine().Owner(file)!;
        Assert.Equal((true, false, false), (owner.Opens(54321, []), owner.Opens(54322, []), owner.LetsItsGroup));
        Assert.Equal(6, owner.Mode >> 3 & 7); // as it seems by the bits
    }

    private static byte[] Entry(byte tag, byte bits, uint id) => [tag, 0, bits, 0, .. BitConverter.GetBytes(id)];

    private static FakeMachine Machine(FakeDaemon daemon) =>
        new FakeMachine(Directory.CreateDirectory(Path.Combine(daemon.Directory, Path.GetRandomFileName())).FullName).Node("/dev/video0")
            .Process(4711, "thatdam-capture", (int)Daemon, []).Process(5, "bash", 1000, []);

    private static Outcome Run(FakeDaemon daemon, FakeMachine machine)
    {
        daemon.Only("GET /v1/status", Samples.Json(s_status)).Only("GET /v1/devices", Samples.List(s_denied));
        return Damctl.Run(daemon, width: null, ["doctor"], machine: machine.Machine);
    }

    [LibraryImport("libc", EntryPoint = "setxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetAttribute(string path, string name, ReadOnlySpan<byte> bytes, nuint size, int flags);
}
