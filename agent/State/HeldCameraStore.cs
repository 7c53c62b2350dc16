using ThatDam.Contract;

namespace ThatDam.Agent.State;

/// <summary>The cameras whose recording by rule somebody has stopped by hand, so that a restart of the daemon does not begin it again.</summary>
/// <param name="database">Where they are kept.</param>
public sealed class HeldCameraStore(StateDatabase database)
{
    /// <summary>Since when a camera was plugged in that is held, in the words of who held it; null when it is not.</summary>
    /// <exception cref="ProblemException">The state cannot be read.</exception>
    public string? Find(string stableId) => database.Read(transaction => transaction.Query(
        "SELECT plugged FROM held_camera WHERE stable_id = $stable_id", row => row.GetString(0), ("$stable_id", stableId))).FirstOrDefault();

    /// <summary>Holds a camera.</summary>
    /// <param name="stableId">Who it is.</param>
    /// <param name="plugged">A mark that is another one when it is plugged in again.</param>
    /// <exception cref="ProblemException">The state cannot be written.</exception>
    public void Hold(string stableId, string plugged) => database.Write(transaction => transaction.Run(
        "INSERT OR REPLACE INTO held_camera (stable_id, plugged) VALUES ($stable_id, $plugged)", ("$stable_id", stableId), ("$plugged", plugged)));

    /// <summary>Holds it no more; one that is not held is left alone, without a write.</summary>
    /// <exception cref="ProblemException">The state cannot be written.</exception>
    public void Release(string stableId)
    {
        if (Find(stableId) is not null)
            database.Write(transaction => transaction.Run("DELETE FROM held_camera WHERE stable_id = $stable_id", ("$stable_id", stableId)));
    }
}
