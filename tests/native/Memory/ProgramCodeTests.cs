using ThatDam.Native.Memory;

namespace ThatDam.Native.Tests.Memory;

public sealed class ProgramCodeTests
{
    [Fact]
    public void What_was_let_go_of_can_be_called_again()
    {
        // The program that runs the tests: its code is mapped, and this runs on.
        Assert.True(ProgramCode.Release() > 0);
        Assert.True(ProgramCode.Release() > 0);
    }
}
