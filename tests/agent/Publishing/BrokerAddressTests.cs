using ThatDam.Agent.Publishing;

namespace ThatDam.Agent.Tests.Publishing;

public sealed class BrokerAddressTests
{
    [Theory]
    [InlineData("amqp://broker", "broker:5672", "guest", "guest", "/")]
    [InlineData("amqps://broker/", "broker:5671", "guest", "guest", "/")]
    [InlineData("amqp://cam@broker:1234/site", "broker:1234", "cam", "guest", "site")]
    [InlineData("amqp://cam:p%40ss%3Aword@[::1]/%2F", "[::1]:5672", "cam", "p@ss:word", "/")]
    [InlineData("amqp://cam:a:b@10.0.0.1/a%2Fb", "10.0.0.1:5672", "cam", "a:b", "a/b")]
    public void A_url_is_taken_apart(string url, string written, string user, string password, string virtualHost)
    {
        var address = new BrokerAddress(new Uri(url));
        Assert.Equal((written, user, password, virtualHost), (address.ToString(), address.User, address.Password, address.VirtualHost));
    }
}
