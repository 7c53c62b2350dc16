using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace ThatDam.Agent.Tests;

/// <summary>A room may name the rooms before it, never one after it. Only Program.cs, outside of them, names them all.</summary>
public sealed class ArrowsTests
{
    private static readonly string[] Order =
    [
        "Supervision", "Tenancy", "State", "Devices", "Capture", "Piping", "Ffmpeg", "Recording", "Publishing", "Control", "Hosting",
    ];

    [Fact]
    public void No_room_names_a_later_one() => Assert.Empty(Backwards("ThatDam.Agent.", typeof(Agent.State.StateDatabase).Assembly, Order));

    [Fact]
    public void Every_room_has_its_place_in_the_order()
    {
        var arrows = new Arrows("ThatDam.Agent.");
        var rooms = typeof(Agent.State.StateDatabase).Assembly.GetTypes().Select(arrows.Room).OfType<string>().Distinct();
        Assert.Empty(rooms.Except(Order));
    }

    [Fact]
    public void A_backwards_arrow_is_seen_however_it_is_drawn()
    {
        var seen = Backwards("ThatDam.Agent.Tests.Backwards.", typeof(ArrowsTests).Assembly, ["Early", "Late"]);
        foreach (var way in typeof(ArrowsTests).Assembly.GetTypes().Where(type => type.Namespace == "ThatDam.Agent.Tests.Backwards.Early" && !type.IsNested))
            Assert.Contains(seen, arrow => arrow.Contains(way.Name, StringComparison.Ordinal));
        Assert.DoesNotContain(seen, arrow => arrow.StartsWith("ThatDam.Agent.Tests.Backwards.Late", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("native/ThatDam.Native.csproj")]
    [InlineData("agent/contract/ThatDam.Contract.csproj")]
    [InlineData("agent/media/ThatDam.Media.csproj", "ThatDam.Native")]
    [InlineData("agent/ThatDam.Agent.csproj", "ThatDam.Native", "ThatDam.Contract", "ThatDam.Media")]
    [InlineData("cli/ThatDam.Cli.csproj", "ThatDam.Contract", "ThatDam.Media")]
    public void A_project_references_only_what_it_may(string project, params string[] allowed)
    {
        var references = XDocument.Load(Path.Combine(Root(), project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.Empty(references.Except(allowed));
    }

    private static IEnumerable<string> Backwards(string prefix, System.Reflection.Assembly assembly, string[] order) =>
        new Arrows(prefix).In(assembly).Where(arrow => Array.IndexOf(order, arrow.To) > Array.IndexOf(order, arrow.From)).Select(arrow => arrow.Between);

    internal static string Root([CallerFilePath] string here = "")
    {
        foreach (var start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(here)! })
        {
            for (var directory = start; directory is not null; directory = Path.GetDirectoryName(directory))
            {
                if (File.Exists(Path.Combine(directory, "ThatDam.slnx")))
                    return directory;
            }
        }
        throw new InvalidOperationException("ThatDam.slnx lies above neither the tests' program nor their source.");
    }
}
