using ThatDam.Native.Users;

namespace ThatDam.Native.Tests.Users;

public sealed class GroupIdTests
{
    [Fact]
    public void Every_group_of_the_file_is_known_by_number()
    {
        foreach (var entry in File.ReadLines("/etc/group").Select(line => line.Split(':')).DistinctBy(entry => entry[0]))
            Assert.Equal(uint.Parse(entry[2], null), GroupId.Of(entry[0]));
    }

    [Fact]
    public void An_unknown_group_has_no_number() => Assert.Null(GroupId.Of("nobody-is-called-so"));
}
