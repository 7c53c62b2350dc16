using System.Globalization;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Recording;

namespace ThatDam.Agent.Hosting;

/// <summary>What <c>systemctl status</c> shows of the daemon, kept up to date.</summary>
internal sealed class StatusLine : IDisposable
{
    private readonly DeviceCatalog _devices;
    private readonly Recorder _recorder;
    private readonly Action<string> _tell;
    private readonly Lock _gate = new();
    private string _told = "";

    /// <param name="devices">The cameras.</param>
    /// <param name="recorder">The recordings.</param>
    /// <param name="tell">Tells systemd.</param>
    public StatusLine(DeviceCatalog devices, Recorder recorder, Action<string> tell)
    {
        (_devices, _recorder, _tell) = (devices, recorder, tell);
        devices.Changed += Tell;
        recorder.Changed += Tell;
        Tell();
    }

    private void Tell()
    {
        lock (_gate)
        {
            var text = Text(_devices.All, _recorder.ActiveCount);
            if (text == _told)
                return;
            _told = text;
            _tell(text);
        }
    }

    /// <summary>The line.</summary>
    internal static string Text(IReadOnlyList<Device> devices, int recordings)
    {
        var there = devices.Count(device => device.Online && device.Role == DeviceRole.Capture);
        return string.Create(CultureInfo.InvariantCulture, $"{there} camera{(there == 1 ? "" : "s")}, {recordings} recording{(recordings == 1 ? "" : "s")}");
    }

    /// <summary>Tells no more.</summary>
    public void Dispose()
    {
        _devices.Changed -= Tell;
        _recorder.Changed -= Tell;
    }
}
