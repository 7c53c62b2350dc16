using ThatDam.Agent.Tenancy;

namespace ThatDam.Agent.Tests.Tenancy;

public sealed class TraceContextTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]
    [InlineData("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what.comes.later")]
    public void A_trace_is_read(string header) => Assert.Equal(Trace, TraceContext.TraceId(header));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011")]
    [InlineData("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x")]
    [InlineData("0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01")]
    [InlineData(" 0-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    public void What_keeps_not_to_the_form_names_no_trace(string? header) => Assert.Null(TraceContext.TraceId(header));

    [Theory]
    [InlineData("a")]
    [InlineData("4bf92f35-77b3/4da6:a3ce~!")]
    public void An_id_is_taken_as_it_is(string header) => Assert.Equal(header, TraceContext.Id(header));

    [Fact]
    public void An_id_has_at_most_128_characters()
    {
        Assert.NotNull(TraceContext.Id(new string('x', 128)));
        Assert.Null(TraceContext.Id(new string('x', 129)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a'b")]
    [InlineData("a\nb")]
    [InlineData("a\u007f")]
    [InlineData("ä")]
    public void An_id_that_could_be_taken_for_something_else_is_ignored(string? header) => Assert.Null(TraceContext.Id(header));
}
