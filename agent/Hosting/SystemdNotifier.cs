using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ThatDam.Agent.Hosting;

/// <summary>Tells systemd how the daemon is: sd_notify(3), one datagram a message. Does nothing where nobody listens.</summary>
/// <param name="address">NOTIFY_SOCKET: a path, or with <c>@</c> a name in the abstract namespace.</param>
internal sealed class SystemdNotifier(string? address)
{
    /// <summary>The daemon serves.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>Every loop of the daemon comes round.</summary>
    public void Alive() => Send("WATCHDOG=1");

    /// <summary>What the daemon does, in a line for <c>systemctl status</c>.</summary>
    public void Status(string line) => Send("STATUS=" + line);

    /// <summary>The configuration is being read again; <see cref="Ready"/> ends that.</summary>
    public void Reloading() => Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / 1000}"));

    /// <summary>The daemon is ending.</summary>
    public void Stopping() => Send("STOPPING=1");

    private void Send(string message)
    {
        if (string.IsNullOrEmpty(address))
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(message), new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address));
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // systemd is gone, or NOTIFY_SOCKET is not its own: a daemon must not stop for that.
        }
    }
}
