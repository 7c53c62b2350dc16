using System.Reflection;

namespace ThatDam.EndToEnd.Tests;

/// <summary>tests/run.sh boots the test bed twice, where there are processors enough at once, and once with systemd: each test that needs it runs in one of these.</summary>
public sealed class GuestBootsTests
{
    [Fact]
    public void Each_test_of_the_bed_is_in_one_of_its_boots()
    {
        var tests = typeof(GuestBootsTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods().Where(method => method.GetCustomAttributes<FactAttribute>().Any()))
            .Select(test => (Name: $"{test.DeclaringType!.Name}.{test.Name}", Traits: Traits(test.DeclaringType).Concat(Traits(test)).ToList()))
            .ToList();
        Assert.All(tests, test =>
        {
            var boots = test.Traits.Where(trait => trait.Name == "boot").Select(trait => trait.Value).ToList();
            if (test.Traits.Contains(("bed", "guest")))
                Assert.True(boots is ["1"] or ["2"] or ["systemd"], $"{test.Name} has to be in one boot: {string.Join(", ", boots)}");
            else
                Assert.True(boots.Count == 0, $"{test.Name} is in a boot, though it needs no bed");
        });
        Assert.Equal(["1", "2", "systemd"], tests.SelectMany(test => test.Traits).Where(trait => trait.Name == "boot").Select(trait => trait.Value).Distinct().Order());
    }

    private static IEnumerable<(string Name, string Value)> Traits(MemberInfo member) =>
        member.GetCustomAttributes<TraitAttribute>().Select(trait => (trait.Name, trait.Value));
}
