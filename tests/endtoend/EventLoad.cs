namespace ThatDam.EndToEnd.Tests;

/// <summary>Makes a daemon commit events without end.</summary>
internal static class EventLoad
{
    private static readonly string[] Mode = ["--size", "640x360", "--fps", "30", "--codec", "mjpeg"];

    /// <summary>Recordings that start and stop until the daemon is gone, or the test has enough.</summary>
    public static async Task RunAsync(Daemon daemon, string device, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var said = await daemon.DamctlAsync(["record", "start", device, "--duration", "0.2s", "--wait", .. Mode]);
            if (said.ExitCode != 0 && !stop.IsCancellationRequested && !daemon.HasEnded)
                said.MustSucceed();
            if (daemon.HasEnded)
                return;
        }
    }
}
