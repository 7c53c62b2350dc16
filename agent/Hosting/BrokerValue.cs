using System.Text.RegularExpressions;
using ThatDam.Agent.Publishing;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Hosting;

/// <summary>Turns the text of the broker's values into what they mean. A message never repeats a URL, for it may hold a password.</summary>
internal static partial class BrokerValue
{
    private const string Remedy = "such as amqp://user@host:5672/vhost, or amqps:// for TLS; several with a space between";

    private static readonly Regex UserInfo = UserInfoPattern();

    /// <summary>Addresses with white space or commas between.</summary>
    public static IReadOnlyList<Uri> Urls(string text)
    {
        var urls = new List<Uri>();
        foreach (var word in text.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(word, UriKind.Absolute, out var url) || url.Scheme is not ("amqp" or "amqps") || url.Host.Length == 0)
                throw new FormatException($"must be a broker's address, {Remedy}");
            if (url.AbsolutePath.TrimStart('/').Contains('/', StringComparison.Ordinal))
                throw new FormatException($"names a virtual host with a slash, which must be written %2F: {Remedy}");
            urls.Add(url);
        }
        return urls;
    }

    /// <summary>A message without the passwords of URLs that it repeats, wherever they come from.</summary>
    public static string WithoutPasswords(string message) => UserInfo.Replace(message, "://…@");

    /// <summary>Whether an address holds a password.</summary>
    public static bool HasPassword(string text) => Urls(text).Any(url => url.UserInfo.Contains(':', StringComparison.Ordinal));

    /// <summary>Queues with semicolons between, each a name and its patterns: <c>web capture.# tenant.#; ingest capture.segment.created</c>.</summary>
    public static IReadOnlyList<BrokerQueue> Queues(string text)
    {
        var queues = new List<BrokerQueue>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = part.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2)
                throw new FormatException("must be queues with ; between, each a name and the topics it is bound to: web capture.# tenant.#; ingest capture.segment.created");
            if (words[1..].FirstOrDefault(pattern => !Topics.IsPattern(pattern)) is { } wrong)
                throw new FormatException($"binds {words[0]} to '{wrong}', which is no topic pattern: words with dots between, * for any one word and # for any number");
            if (words[0].StartsWith("amq.", StringComparison.Ordinal))
                throw new FormatException($"names the queue {words[0]}, but names that begin with amq. are the broker's own");
            queues.Add(new BrokerQueue(words[0], words[1..]));
        }
        return queues;
    }

    // As far as the last @ of the word: a password that is not escaped may hold more of them. The example above is no secret.
    [GeneratedRegex(@"://(?!user@host:5672/vhost)\S*@")]
    private static partial Regex UserInfoPattern();
}
