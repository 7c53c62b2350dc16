using ThatDam.Agent.Control;
using ThatDam.Native.Users;

namespace ThatDam.Agent.Tests.Control;

public sealed class OperatorsTests
{
    private const uint Daemon = 990, Ann = 1000, Bob = 1001, Crew = 2000;

    [Theory]
    [InlineData("ann @crew", 0u, 0u, "", true)] // root
    [InlineData("ann @crew", Daemon, Daemon, "", true)] // the daemon's own
    [InlineData("ann @crew", Ann, 100u, "", true)] // by name
    [InlineData("1000", Ann, 100u, "", true)] // by number
    [InlineData("ann @crew", Bob, Crew, "", true)] // by the first group
    [InlineData("ann @crew", Bob, 100u, "4 2000", true)] // by another one
    [InlineData("ann @2000", Bob, 100u, "2000", true)]
    [InlineData("ann @crew", Bob, 100u, "4", false)]
    [InlineData("ann @nosuch", Bob, 100u, "4", false)]
    [InlineData("bob2", Bob, 100u, "", false)]
    [InlineData("", Bob, 100u, "", true)] // nobody is named: everyone
    public void Who_is_named_may(string named, uint user, uint group, string others, bool may) => Assert.Equal(may, Of(named).May(
        new PeerCredentials(1, user, group), () => [.. others.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)]));

    [Fact]
    public void The_groups_are_not_asked_for_where_they_do_not_matter() =>
        Assert.False(Of("ann").May(new PeerCredentials(1, Bob, 100), () => throw new InvalidOperationException("asked")));

    [Fact]
    public void Others_can_be_named_later()
    {
        var operators = Of("ann");
        operators.Name(["bob"]);
        Assert.True(operators.May(new PeerCredentials(1, Bob, 100), () => []));
        Assert.Contains("bob", operators.Refusal("uid:1000(ann)").Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_names_a_group_to_join_where_there_is_one()
    {
        Assert.Contains("usermod -aG crew", Of("ann @crew").Refusal("uid:1001(bob)").Problem.Remedy, StringComparison.Ordinal);
        Assert.Contains("administrator", Of("ann").Refusal("uid:1001(bob)").Problem.Remedy, StringComparison.Ordinal);
    }

    private static Operators Of(string named) => new(
        named.Split(' ', StringSplitOptions.RemoveEmptyEntries), Daemon, id => id == Ann ? "ann" : id == Bob ? "bob" : null, name => name == "crew" ? Crew : null);
}
