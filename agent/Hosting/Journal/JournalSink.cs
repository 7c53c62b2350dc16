using System.Globalization;
using System.Threading.Channels;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;
using ThatDam.Agent.Tenancy;

namespace ThatDam.Agent.Hosting.Journal;

/// <summary>
/// Writes events to systemd's journal by its native protocol. <see cref="Emit"/> never waits: a thread of its own sends what a bounded queue
/// holds. While the journal is not there, or has taken nothing for two seconds and the queue is half full, lines go to stderr instead. What
/// finds the queue full is dropped, counted, and told in one line.
/// </summary>
internal sealed class JournalSink : ILogEventSink, IDisposable
{
    /// <summary>Where journald listens.</summary>
    public const string StandardSocket = "/run/systemd/journal/socket";

    /// <summary>How many events wait at most.</summary>
    public const int QueueLength = 4096;

    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenTellings = TimeSpan.FromSeconds(1);
    // Of the time that Dispose may take, the first half is the journal's, the second that of stderr.
    private static readonly TimeSpan LastStallLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(2);
    private const int Look_ms = 100;

    private readonly Channel<LogEvent> _queue = Channel.CreateBounded<LogEvent>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly ITextFormatter _fallback;
    private readonly TextWriter _stderr;
    private readonly TimeProvider _time;
    private readonly Thread _writer;
    private long _lost;
    private long _endedAt; // 0 until Dispose

    // The writer's own.
    private readonly JournalEntry _entry = new();
    private readonly JournalSocket _socket;
    private bool _away;
    private long _onStderr;
    private long _toldAt;

    /// <param name="socketPath">Where the journal listens. Nobody need listen there yet.</param>
    /// <param name="fallback">The form of a line on stderr, with its newline.</param>
    /// <param name="stderr">Stderr.</param>
    /// <param name="time">By which patience is measured.</param>
    public JournalSink(string socketPath, ITextFormatter fallback, TextWriter stderr, TimeProvider time)
    {
        (_fallback, _stderr, _time) = (fallback, stderr, time);
        _socket = new JournalSocket(socketPath, time);
        _writer = new Thread(Run) { IsBackground = true, Name = "journal" };
        _writer.UnsafeStart();
    }

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        if (!_queue.Writer.TryWrite(logEvent))
            Interlocked.Increment(ref _lost);
    }

    /// <summary>Sends what waits; what the journal does not take in a second goes to stderr. Returns after two seconds at the latest.</summary>
    public void Dispose()
    {
        if (!_queue.Writer.TryComplete())
            return;
        Volatile.Write(ref _endedAt, Math.Max(1, _time.GetTimestamp()));
        _writer.Join(LastFlush);
    }

    private void Run()
    {
        using (_socket)
        {
            while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_queue.Reader.TryRead(out var line))
                {
                    if (!TryDeliver(line))
                        Interlocked.Increment(ref _lost);
                    TellLosses();
                }
            }
        }
    }

    // False when it could be written nowhere.
    private bool TryDeliver(LogEvent line)
    {
        try
        {
            _entry.Clear();
            JournalFields.Write(line, _entry);
            if (!TrySend(_entry.Bytes))
            {
                WriteToStderr(line);
                _onStderr++;
            }
            else if (_away)
            {
                _away = false;
                TryDeliver(Own(LogEventLevel.Warning, JournalKind.Back, "Lines", _onStderr));
                _onStderr = 0;
            }
            return true;
        }
        catch (Exception e)
        {
            SelfLog.WriteLine("{0}", e);
            return false;
        }
    }

    private bool TrySend(ReadOnlySpan<byte> entry)
    {
        var since = _time.GetTimestamp();
        while (true)
        {
            switch (_socket.Send(entry))
            {
                case JournalAnswer.Taken:
                    return true;
                case JournalAnswer.Refused:
                    GoAway(_socket.Reason);
                    return false;
                case JournalAnswer.Full when _away || IsStalled(since):
                    GoAway(string.Create(CultureInfo.InvariantCulture, $"journald takes nothing, and {_queue.Reader.Count} lines wait; look at it: systemctl status systemd-journald"));
                    return false;
                default:
                    _socket.WaitForRoom(Look_ms);
                    break;
            }
        }
    }

    private bool IsStalled(long since) => Volatile.Read(ref _endedAt) is > 0 and var endedAt
        ? _time.GetElapsedTime(endedAt) > LastStallLimit
        : _time.GetElapsedTime(since) > StallLimit && _queue.Reader.Count >= QueueLength / 2;

    private void GoAway(string reason)
    {
        if (_away)
            return;
        _away = true;
        WriteToStderr(Own(LogEventLevel.Warning, JournalKind.Away, "Reason", reason));
    }

    // When there is a moment for it, else once a second: under a flood every line would find another lost.
    private void TellLosses()
    {
        var lost = Interlocked.Read(ref _lost);
        if (lost == 0 || (_queue.Reader.Count > 0 && _time.GetElapsedTime(_toldAt) < BetweenTellings))
            return;
        _toldAt = _time.GetTimestamp();
        if (TryDeliver(Own(LogEventLevel.Warning, JournalKind.Lost, "Lines", lost)))
            Interlocked.Add(ref _lost, -lost);
    }

    private void WriteToStderr(LogEvent line)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        _fallback.Format(line, text);
        _stderr.Write(text.ToString());
        _stderr.Flush();
    }

    private LogEvent Own(LogEventLevel level, string template, string property, object value)
    {
        var line = new LogEvent(
            _time.GetUtcNow(), level, exception: null, new MessageTemplateParser().Parse(template),
            [
                new LogEventProperty(property, new ScalarValue(value)),
                new LogEventProperty(Constants.SourceContextPropertyName, new ScalarValue(typeof(JournalSink).FullName)),
            ]);
        CallerEnricher.Enrich(line, Caller.Daemon);
        return line;
    }
}
