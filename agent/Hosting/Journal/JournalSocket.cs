using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Hosting.Journal;

/// <summary>What the journal did with an entry.</summary>
internal enum JournalAnswer
{
    /// <summary>It took it.</summary>
    Taken,

    /// <summary>It has no room now.</summary>
    Full,

    /// <summary>It is not there, or cannot take it: <see cref="JournalSocket.Reason"/>.</summary>
    Refused,
}

/// <summary>
/// The way to the journal. Connects when there is something to send and no more than once a second; anew when journald was started anew. An
/// entry too long for a datagram goes as a sealed file in memory. Never blocks but in <see cref="WaitForRoom"/>. For one thread.
/// </summary>
/// <param name="path">Where the journal listens.</param>
/// <param name="time">Between two attempts to connect.</param>
internal sealed class JournalSocket(string path, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private DatagramSocket? _socket;
    private long? _lastAttempt;

    /// <summary>Why the last entry was refused.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Sends one entry.</summary>
    public JournalAnswer Send(ReadOnlySpan<byte> entry)
    {
        if (_socket is not null && TrySend(_socket, entry) is { } answer)
            return answer;
        // Not there yet, or gone: a journald that was started anew has bound a new socket.
        if (Connect() && TrySend(_socket!, entry) is { } second)
            return second;
        return JournalAnswer.Refused;
    }

    /// <summary>Waits until the journal may have room.</summary>
    /// <param name="timeout_ms">Milliseconds.</param>
    public void WaitForRoom(int timeout_ms)
    {
        if (_socket is null)
            return;
        using var room = new PollSet();
        room.Add(_socket, PollEvents.Out);
        room.Wait(timeout_ms);
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private bool Connect()
    {
        if (_lastAttempt is { } last && time.GetElapsedTime(last) < BetweenAttempts)
            return false;
        _lastAttempt = time.GetTimestamp();
        try
        {
            _socket = DatagramSocket.Connect(path);
            _lastAttempt = null;
            return true;
        }
        catch (NativeException e)
        {
            Reason = e.Message;
            return false;
        }
    }

    /// <returns>Null when there is nobody at the other end any more.</returns>
    private JournalAnswer? TrySend(DatagramSocket socket, ReadOnlySpan<byte> entry)
    {
        try
        {
            return (TrySendDatagram(socket, entry) ?? TrySendFile(socket, entry)) ? JournalAnswer.Taken : JournalAnswer.Full;
        }
        catch (NativeException e)
        {
            Reason = e.Message;
            if (e.Call != "sendmsg")
                return JournalAnswer.Refused;
            Close();
            return null;
        }
    }

    private static bool? TrySendDatagram(DatagramSocket socket, ReadOnlySpan<byte> entry)
    {
        try
        {
            return socket.TrySend(entry);
        }
        catch (NativeException e) when (e.Errno is Errno.EMSGSIZE or Errno.ENOBUFS)
        {
            return null;
        }
    }

    private static bool TrySendFile(DatagramSocket socket, ReadOnlySpan<byte> entry)
    {
        using var file = MemoryFile.Create("journal-entry");
        file.Write(entry);
        file.Seal();
        return socket.TrySend(file);
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
