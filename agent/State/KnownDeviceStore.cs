using System.Text.Json;
using ThatDam.Contract;

namespace ThatDam.Agent.State;

/// <summary>The cameras that were here, so that one that is gone is still told of after a restart. What a call wrote is on the disk when it returns.</summary>
/// <param name="database">Where they are kept.</param>
public sealed class KnownDeviceStore(StateDatabase database)
{
    /// <summary>All of them, by stable id. One that cannot be read is left out, and is overwritten when it is seen again.</summary>
    /// <exception cref="ProblemException">The state cannot be read.</exception>
    public IReadOnlyList<KnownDevice> List() =>
        [.. database.Read(transaction => transaction.Query("SELECT body FROM known_device ORDER BY stable_id", row => Parse(row.GetString(0)))).OfType<KnownDevice>()];

    /// <summary>Keeps some, each over what was known of it, and forgets others, in one transaction.</summary>
    /// <param name="keep">What is known now.</param>
    /// <param name="forget">Stable ids.</param>
    /// <exception cref="ProblemException">The state cannot be written.</exception>
    public void Write(IReadOnlyCollection<KnownDevice> keep, IReadOnlyCollection<string> forget) => database.Write(transaction =>
    {
        foreach (var device in keep)
        {
            transaction.Run(
                "INSERT OR REPLACE INTO known_device (stable_id, last_seen, body) VALUES ($stable_id, $last_seen, $body)",
                ("$stable_id", device.StableId), ("$last_seen", (device.LastSeen - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond),
                ("$body", JsonSerializer.Serialize(device, KnownDeviceJson.Default.KnownDevice)));
        }
        foreach (var stableId in forget)
            transaction.Run("DELETE FROM known_device WHERE stable_id = $stable_id", ("$stable_id", stableId));
    });

    private static KnownDevice? Parse(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, KnownDeviceJson.Default.KnownDevice);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
