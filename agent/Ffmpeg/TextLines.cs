using System.Text;
using ThatDam.Native.Pipes;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>Cuts what comes out of a pipe into lines. For one thread.</summary>
internal sealed class TextLines(PipeReadEnd pipe, Action<string> take)
{
    private const int LongestLine = 4096;
    private readonly byte[] _buffer = new byte[4096];
    private readonly List<byte> _line = [];

    /// <summary>Takes all that is there.</summary>
    /// <returns>False at the end of the stream.</returns>
    public bool Drain()
    {
        while (true)
        {
            var got = pipe.TryRead(_buffer);
            if (got < 0)
                return true;
            if (got == 0)
            {
                Flush();
                return false;
            }

            foreach (var value in _buffer.AsSpan(0, (int)got))
            {
                if (value is (byte)'\n' or (byte)'\r' || _line.Count == LongestLine)
                    Flush();
                else
                    _line.Add(value);
            }
        }
    }

    /// <summary>Takes what is left of a line that has no end.</summary>
    public void Flush()
    {
        if (_line.Count > 0)
            take(Encoding.UTF8.GetString([.. _line]));
        _line.Clear();
    }
}
