using ThatDam.Agent.Devices;

namespace ThatDam.Agent.Hosting;

/// <summary>The first look for devices.</summary>
internal static class FirstLook
{
    /// <summary>Looks. A look that fails is told in the log, and leaves the list as it was: the daemon still serves.</summary>
    public static async Task TakeAsync(DeviceCatalog devices, ILogger log)
    {
        try
        {
            await devices.RescanAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            log.LogError(e, "The devices could not be looked at");
        }
    }
}
