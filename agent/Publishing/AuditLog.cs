using System.Buffers;
using System.Text;
using ThatDam.Agent.State;
using ThatDam.Contract;
using ThatDam.Native.Files;

namespace ThatDam.Agent.Publishing;

/// <summary>
/// The trail of the tenants' events: <c>audit.log</c> in the state directory, append-only lines of which each carries the hash of the one
/// before (<see cref="AuditChain"/>). It follows the outbox, which keeps every such event until it is in the log: what cannot be written
/// now is written later. Any thread may call; nothing is kept open between calls.
/// </summary>
public sealed class AuditLog
{
    private const int Batch = 256;

    private readonly AuditOptions _options;
    private readonly AuditFiles _files;
    private readonly AuditPlace _place;
    private readonly ILogger<AuditLog> _log;
    private readonly string _directory;
    private readonly Lock _gate = new();

    // Null when the file's end must be looked at first: at the start, and after an error.
    private AuditMark? _mark;
    private long _length;
    private long _seen;
    private string? _failure;
    private bool _damageTold;

    /// <summary>The log in a state directory. Nothing is read or written before the first <see cref="CatchUp"/>.</summary>
    public AuditLog(string directory, AuditOptions options, StateDatabase database, ILogger<AuditLog> log)
    {
        (_directory, _options, _log) = (directory, options, log);
        (_files, _place) = (new AuditFiles(directory, options), new AuditPlace(database));
    }

    /// <summary>
    /// Writes every committed event that the log lacks: what was committed before the call is on the disk when it returns, or it is told
    /// in the daemon's log why not, once, and a later call writes it. Costs one look at the state when there is nothing new.
    /// </summary>
    public void CatchUp()
    {
        lock (_gate)
        {
            try
            {
                _mark ??= Recover();
                Write();
                if (_failure is not null)
                    _log.LogInformation("{Path} is written again; no event was left out", _files.Path);
                _failure = null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ProblemException)
            {
                _mark = null;
                if (_failure != e.Message)
                {
                    _log.LogError(
                        "The audit log cannot be written: {Reason}. The events wait in the state. Make room on its disk, and let the daemon's user write {Path}",
                        e.Message.TrimEnd('.'), _files.Path);
                }
                _failure = e.Message;
            }
        }
    }

    /// <summary>Checks every line of every file, and that none is missing at the end. Takes a while: a second for 200 MB or so.</summary>
    /// <exception cref="ProblemException">A file cannot be read.</exception>
    public AuditReport Verify()
    {
        CatchUp();
        try
        {
            List<FileDescriptor> files;
            AuditEnd end;
            long[] lengths;
            long first;
            // What is appended or renamed from here on does not matter: the files are open.
            lock (_gate)
            {
                (end, first, files) = (_place.Read().End, _place.First(), _files.OpenAll());
                lengths = [.. files.Select(file => file.Length)];
            }
            try
            {
                var verifier = new AuditVerifier(end);
                var page = new byte[64 << 10];
                for (var i = 0; i < files.Count; i++)
                {
                    verifier.Begin(files[i].Name);
                    for (long at = 0; at < lengths[i];)
                    {
                        var got = files[i].ReadAt(page.AsSpan(0, (int)Math.Min(page.Length, lengths[i] - at)), at);
                        if (got == 0)
                            break;
                        verifier.Feed(page.AsSpan(0, got));
                        at += got;
                    }
                }
                return verifier.Report(_files.Path, shortened: false, begins: first);
            }
            finally
            {
                foreach (var file in files)
                    file.Dispose();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(
                503, "audit_unreadable", "Audit log unreadable", $"The audit log cannot be read: {e.Message}.",
                $"Let the daemon's user read {_files.Path} and the files beside it, and check the disk.");
        }
    }

    private void Write()
    {
        for (var strangers = 0; ;)
        {
            var (events, seen) = _place.Pending(_seen, Batch);
            if (events.Count == 0)
            {
                _seen = seen;
                return;
            }
            var (lines, mark) = (new ArrayBufferWriter<byte>(), _mark!);
            foreach (var e in events)
            {
                var (line, next) = Line(mark, e);
                if (_length + lines.WrittenCount > 0 && _length + lines.WrittenCount + line.Length > _options.MaxBytes)
                {
                    // These first: what the state does not know of after a crash lies in the newest file.
                    if (lines.WrittenCount > 0)
                        break;
                    // Before the oldest one goes: what is there beyond that is no fault.
                    if (_files.First(afterRotation: true) is { } first && first > _place.First())
                        _place.Begin(first);
                    _files.Rotate();
                    _length = 0;
                }
                lines.Write(line);
                mark = next;
            }
            if (!_files.Append(lines.WrittenSpan, _length))
            {
                if (++strangers > 3)
                    throw new IOException($"another program keeps writing to {_files.Path}");
                _mark = Recover();
                // Its end may be there nevertheless, and what is missing lie before it.
                if (!_damageTold)
                    TellDamage($"was changed while the daemon runs: it is not as long as it was");
                continue;
            }
            _damageTold = false;
            _length += lines.WrittenCount;
            _place.Move(mark);
            (_mark, _seen) = (mark, mark.Place == events[^1].Id ? seen : mark.Place);
        }
    }

    // After a crash lines may be there that the state does not know of: they are the next events', byte for byte, or not ours.
    private AuditMark Recover()
    {
        var mark = _place.Read();
        using var file = _files.Open();
        var length = file.Length;
        var end = mark.End.Lines > 0 ? AuditFiles.EndOf(file, mark.End.Hash) : 0;
        // The file before may just have been ended, and this one have been begun.
        if (end is null && _files.OlderEndsWith(mark.End.Hash))
            end = 0;
        if (end is not { } at)
        {
            TellDamage($"does not hold line {mark.End.Lines} as it was written: it was changed or deleted. It goes on with line {mark.End.Lines + 1}");
            if (AuditFiles.EndOfLines(file) < length)
                Append(file, "\n"u8);
            (_length, _seen) = (file.Length, mark.Place);
            return mark;
        }
        var found = Adopt(file, ref at, mark);
        if (found.End.Lines == 0 && Older(file) is { } older)
        {
            _log.LogWarning("The state in {Directory} is new, the audit log is not: it goes on after its line {Line}", _directory, older.Lines);
            (found, at) = (found with { End = older }, AuditFiles.EndOfLines(file));
            if (_files.First(afterRotation: false) is { } first)
                _place.Begin(first);
        }
        if (at < length)
            Clean(file, at, length);
        if (found != mark)
        {
            file.DataSync();
            _place.Move(found);
        }
        (_length, _seen) = (file.Length, found.Place);
        return found;
    }

    // The lines after a place that are those of the next events.
    private AuditMark Adopt(FileDescriptor file, ref long at, AuditMark mark)
    {
        while (true)
        {
            var (events, _) = _place.Pending(mark.Place, Batch);
            foreach (var e in events)
            {
                var (line, next) = Line(mark, e);
                var there = new byte[line.Length];
                if (file.ReadAt(there, at) < there.Length || !there.AsSpan().SequenceEqual(line))
                    return mark;
                (at, mark) = (at + line.Length, next);
            }
            if (events.Count < Batch)
                return mark;
        }
    }

    // The end of a log that an earlier state wrote.
    private AuditEnd? Older(FileDescriptor file)
    {
        var line = AuditFiles.LastLine(file) is { Length: > 0 } last ? last : _files.OlderLastLine();
        return AuditChain.TryRead(line, out var number, out _) ? new AuditEnd(number, AuditChain.Hash(line)) : null;
    }

    private void Clean(FileDescriptor file, long at, long length)
    {
        var whole = Math.Max(at, AuditFiles.EndOfLines(file));
        if (whole > at)
            TellDamage($"holds {whole - at} bytes of lines that the daemon did not write. They stay");
        if (whole < length)
        {
            _log.LogWarning("The last line of the audit log {Path} was torn, by a crash most likely: its {Bytes} bytes are cut off", _files.Path, length - whole);
            file.Truncate(whole);
        }
    }

    // Once, although each attempt to write after a failure looks at the file's end again.
    private void TellDamage(FormattableString what)
    {
        if (!_damageTold)
        {
            _log.LogError(
                "The audit log {Path} {Damage}, and damctl audit verify shows where. Keep a copy of its files, and see who may write to {Directory}",
                _files.Path, FormattableString.Invariant(what), _directory);
        }
        _damageTold = true;
    }

    private static void Append(FileDescriptor file, ReadOnlySpan<byte> bytes)
    {
        file.WriteAt(bytes, file.Length);
        file.DataSync();
    }

    private static (byte[] Line, AuditMark Next) Line(AuditMark mark, OutboxEvent e)
    {
        var number = mark.End.Lines + 1;
        var line = Encoding.UTF8.GetBytes(AuditChain.Line(number, mark.End.Hash, e.Topic, e.Body) + "\n");
        return (line, new AuditMark(e.Id, new AuditEnd(number, AuditChain.Hash(line.AsSpan(0, line.Length - 1)))));
    }
}
