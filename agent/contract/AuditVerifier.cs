using System.Buffers;
using System.Globalization;

namespace ThatDam.Contract;

/// <summary>
/// Checks an audit log as it is read, the oldest file first, and keeps the first fault. Without the end that the writer knows it cannot
/// see that the last lines were cut off, or that the last one was changed. Not for several threads.
/// </summary>
/// <param name="end">Where the log ends; null where only its files are known.</param>
public sealed class AuditVerifier(AuditEnd? end = null)
{
    // Far above any event: what is longer is not collected.
    private const int MaxLine = 1 << 20;

    private readonly ArrayBufferWriter<byte> _part = new();
    private string? _file;
    private int _files;
    private long _lines;
    private long _line;
    private long _number;
    private string _hash = "";
    private (string? File, long? Line) _last;
    private (string? File, long? Line, long Number) _first;
    private (string? File, long? Line, string Text)? _fault;

    /// <summary>The next file; what is fed from now on is its content.</summary>
    public void Begin(string file)
    {
        EndFile();
        (_file, _line) = (file, 0);
        _files++;
    }

    /// <summary>The next bytes of the file, cut anywhere.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        for (var length = bytes.IndexOf((byte)'\n'); length >= 0; length = bytes.IndexOf((byte)'\n'))
        {
            if (_part.WrittenCount == 0)
            {
                Take(bytes[..length]);
            }
            else
            {
                _part.Write(bytes[..length]);
                Take(_part.WrittenSpan);
                _part.ResetWrittenCount();
            }
            bytes = bytes[(length + 1)..];
        }
        _part.Write(bytes);
        if (_part.WrittenCount > MaxLine)
        {
            Fail(_file, _line + 1, "This is not a line of the audit log.");
            _part.ResetWrittenCount();
        }
    }

    /// <summary>What was found; ends the last file.</summary>
    /// <param name="path">The newest file.</param>
    /// <param name="shortened">
    /// Whether the oldest files may have been deleted by the writer, so that it is no fault when the log begins in the middle. It is told
    /// where it begins, nevertheless.
    /// </param>
    /// <param name="begins">The first line that the writer kept.</param>
    public AuditReport Report(string path, bool shortened, long begins = 1)
    {
        EndFile();
        if (_first.Number > begins && !shortened)
            Fail(_first.File, _first.Line, $"{Lines(begins, _first.Number - 1)} missing before this one.", first: true);
        if (_fault is null && end is not null && _number < end.Lines)
        {
            if (_number == 0)
                Fail(path, null, string.Create(CultureInfo.InvariantCulture, $"The log is gone: it had {end.Lines} lines."));
            else
                Fail(_last.File, _last.Line, $"{Lines(_number + 1, end.Lines)} missing after this one.");
        }
        if (_fault is { } fault)
            return new AuditReport(path, _files, _lines, false, fault.File, fault.Line, fault.Text);
        return _first.Number > 1
            ? new AuditReport(path, _files, _lines, true, _first.File, _first.Line, string.Create(
                CultureInfo.InvariantCulture, $"The log begins with line {_first.Number}: the files before it are no longer kept."))
            : new AuditReport(path, _files, _lines, true, null, null, null);
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        _lines++;
        _line++;
        if (_fault is not null)
            return;
        if (!AuditChain.TryRead(line, out var number, out var previous))
        {
            Fail(_file, _line, "This is not a line of the audit log.");
            return;
        }
        if (_number == 0)
            _first = (_file, _line, number);
        else if (number > _number + 1)
            Fail(_file, _line, $"{Lines(_number + 1, number - 1)} missing before this one.");
        else if (number <= _number)
            Fail(_file, _line, string.Create(CultureInfo.InvariantCulture, $"Line {number} follows line {_number}: lines were repeated or put in another order."));
        else if (previous != _hash)
            Fail(_last.File, _last.Line, "This line was changed, or the hash of it that the next line carries.");
        (_number, _hash, _last) = (number, AuditChain.Hash(line), (_file, _line));
        if (end is null)
            return;
        if (number > end.Lines)
            Fail(_file, _line, string.Create(CultureInfo.InvariantCulture, $"This line was added by another: the log ends with line {end.Lines}."));
        else if (number == end.Lines && _hash != end.Hash)
            Fail(_file, _line, "This line was changed.");
    }

    private void EndFile()
    {
        if (_part.WrittenCount == 0)
            return;
        _part.ResetWrittenCount();
        _lines++;
        Fail(_file, _line + 1, "This line is torn: its end is missing.");
    }

    // What lies before the first line comes before every other fault.
    private void Fail(string? file, long? line, string text, bool first = false)
    {
        if (first || _fault is null)
            _fault = (file, line, text);
    }

    private static string Lines(long from, long to) => from == to
        ? string.Create(CultureInfo.InvariantCulture, $"Line {from} is")
        : string.Create(CultureInfo.InvariantCulture, $"Lines {from} to {to} are");
}
