using ThatDam.Agent.Recording;

namespace ThatDam.Agent.Tests.Recording;

public sealed class UnitSandboxTests
{
    private static readonly string[] Mounts =
    [
        "22 1 254:0 / / ro,relatime shared:1 - ext4 /dev/root rw",
        "23 22 254:1 / /srv rw,relatime shared:2 - ext4 /dev/sdb1 rw",
        "24 22 254:2 / /mnt ro,relatime shared:3 - iso9660 /dev/sr0 ro",
        "25 22 254:0 /var/lib/thatdam /var/lib/thatdam rw,relatime shared:1 - ext4 /dev/root rw",
        @"26 22 254:3 / /media/my\040disk ro,relatime - vfat /dev/sdc1 rw",
        "27 22 254:4 / /data rw,relatime shared:5 - ext4 /dev/sdd1 rw",
        "28 27 254:4 / /data ro,relatime shared:5 - ext4 /dev/sdd1 rw",
        "a line of another kind",
    ];

    [Theory]
    [InlineData("/opt/recordings", true)]
    [InlineData("/srv/recordings", false)]
    [InlineData("/srvother", true)]
    [InlineData("/mnt/recordings", false)] // read-only for everyone
    [InlineData("/var/lib/thatdam/recordings", false)]
    [InlineData("/media/my disk", true)]
    [InlineData("/data/a", true)]
    public void A_mount_is_the_sandboxs_when_it_alone_is_read_only(string path, bool isSandboxs) => Assert.Equal(isSandboxs, UnitSandbox.IsReadOnlyMount(path, Mounts));

    [Fact]
    public void The_remedy_names_the_path_and_the_example() => Assert.Matches("ReadWritePaths=/srv/video.*output-elsewhere.conf", UnitSandbox.Remedy("/srv/video"));
}
