using ThatDam.Native.Users;

namespace ThatDam.Native.Tests.Users;

public sealed class UserNameTests
{
    [Fact]
    public void The_first_user_is_root() => Assert.Equal("root", UserName.Of(0));

    [Fact]
    public void Every_user_of_the_file_is_known_by_name()
    {
        foreach (var entry in File.ReadLines("/etc/passwd").Select(line => line.Split(':')).DistinctBy(entry => entry[2]))
            Assert.Equal(entry[0], UserName.Of(uint.Parse(entry[2], null)));
    }

    [Fact]
    public void An_entry_longer_than_the_room_for_it_gets_more_room() => Assert.Equal("root", UserName.Of(0, 1));

    [Fact]
    public void An_unknown_user_has_no_name() => Assert.Null(UserName.Of(4_123_456_789));
}
