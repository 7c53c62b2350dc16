using ThatDam.Contract;

namespace ThatDam.Agent.State;

/// <summary>The stable ids that were given to devices. Once given, an id stays with its device and goes to no other.</summary>
/// <param name="database">Where they are kept.</param>
public sealed class DeviceIdentityStore(StateDatabase database)
{
    /// <summary>The id that was given to the device with this key, or null.</summary>
    /// <param name="key">What tells the device from all others, such as its place and serial number.</param>
    public string? Find(string key) => database.Read(transaction => transaction.Query(
        "SELECT stable_id FROM device_identity WHERE device_key = $key", row => row.GetString(0), ("$key", key))).FirstOrDefault();

    /// <summary>The key of the device that this id was given to, or null.</summary>
    public string? KeyOf(string stableId) => database.Read(transaction => transaction.Query(
        "SELECT device_key FROM device_identity WHERE stable_id = $stable_id", row => row.GetString(0), ("$stable_id", stableId))).FirstOrDefault();

    /// <summary>Gives an id to a device. Given again, it changes nothing.</summary>
    /// <returns>False when the device has another id already, or the id another device: then nothing changed.</returns>
    /// <exception cref="ProblemException">It cannot be written.</exception>
    public bool Keep(string key, string stableId) => database.Write(transaction =>
    {
        transaction.Run(
            "INSERT OR IGNORE INTO device_identity (device_key, stable_id) VALUES ($key, $stable_id)", ("$key", key), ("$stable_id", stableId));
        return transaction.Query(
            "SELECT 1 FROM device_identity WHERE device_key = $key AND stable_id = $stable_id", row => true, ("$key", key), ("$stable_id", stableId)).Count == 1;
    });
}
