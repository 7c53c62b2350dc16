using ThatDam.Agent.Publishing;

namespace ThatDam.Agent.Tests.Publishing;

public sealed class BrokerPasswordTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly BrokerAddress _address = new(new Uri("amqp://cam:from-the-url@broker"));

    [Fact]
    public void The_file_goes_before_the_credential_and_that_before_the_url()
    {
        Assert.Equal("from-the-url", Find());
        Assert.Equal("guest", BrokerPassword.Find(new BrokerOptions(), new BrokerAddress(new Uri("amqp://broker")), null));
        var credentials = Path.GetDirectoryName(_directory.Write("credentials/broker-password", "from-systemd\n"));
        Assert.Equal("from-systemd", Find(credentials: credentials));
        Assert.Equal("from the file ", Find(Secret("from the file \r\n"), credentials));
    }

    [Fact]
    public void A_blank_credential_is_none() =>
        Assert.Equal("from-the-url", Find(credentials: Path.GetDirectoryName(_directory.Write("credentials/broker-password", " \n"))));

    [Fact]
    public void A_credential_that_is_named_as_the_file_may_show_a_group_mode()
    {
        var file = _directory.Write("credentials/broker-password", "from-systemd");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Equal("from-systemd", Find(file, Path.GetDirectoryName(file)));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "0640")]
    [InlineData(UnixFileMode.OtherRead, "0604")]
    [InlineData(UnixFileMode.OtherWrite, "0602")]
    public void A_file_for_others_too_is_refused_with_the_remedy(UnixFileMode others, string mode)
    {
        var file = Secret("secret");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        Assert.Equal(new BrokerProblem($"The broker's password file {file} can be read by others (mode {mode}).", $"chmod 600 {file}"), Refused(file));
    }

    [Fact]
    public void A_missing_and_an_empty_file_are_told()
    {
        Assert.Equal($"The broker's password file {_directory["none"]} does not exist.", Refused(_directory["none"]).Text);
        Assert.Equal($"The broker's password file {_directory["a/none"]} does not exist.", Refused(_directory["a/none"]).Text);
        var empty = Secret("\n");
        Assert.Equal($"The broker's password file {empty} is empty.", Refused(empty).Text);
    }

    public void Dispose() => _directory.Dispose();

    private string Find(string file = "", string? credentials = null) => BrokerPassword.Find(new BrokerOptions { PasswordFile = file }, _address, credentials);

    private BrokerProblem Refused(string file) => Assert.Throws<BrokerProblemException>(() => Find(file)).Problem;

    private string Secret(string text)
    {
        var file = _directory.Write("secret", text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
