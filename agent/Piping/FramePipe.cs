using System.Runtime.InteropServices;
using ThatDam.Agent.Capture;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Pipes;

namespace ThatDam.Agent.Piping;

/// <summary>
/// Puts frames as NUT packets into a pipe: the driver's own pages, or a copy. One thread writes; any may read the count or abort. Owns
/// neither the pipe nor the frames.
/// </summary>
/// <param name="pipe">The pipe, non-blocking.</param>
/// <param name="encoding">What of a frame goes in.</param>
internal sealed unsafe class FramePipe(PipeWriteEnd pipe, FrameEncoding encoding) : IDisposable
{
    private const int HeaderSlots = 64; // more than a driver has buffers (VIDEO_MAX_FRAME, 32): a spliced frame keeps its slot while it holds one

    private readonly byte* _headers = (byte*)NativeMemory.AlignedAlloc(HeaderSlots * NutStream.MaxFrameHeaderBytes, 4096);
    private int _headerSlot;
    private bool _begun;
    private long _written;
    private volatile bool _aborted;

    /// <summary>Bytes put in so far.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Nothing more goes in; whoever waits for room is to be woken by its own descriptor.</summary>
    public void Abort() => _aborted = true;

    /// <summary>Puts one frame in, with the stream's header before the first; waits for room.</summary>
    /// <param name="poll">Waits for room, or to be aborted.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="payloadBytes">What its packet holds.</param>
    /// <param name="pts_us">Its time.</param>
    /// <param name="key">Whether decoding can begin with it.</param>
    /// <param name="splice">Its own pages, which stay as they are until the reader has passed them; else a copy.</param>
    /// <returns>False when it was aborted with the frame not in, or partly.</returns>
    public bool Put(PollSet poll, in CapturedFrame frame, int payloadBytes, long pts_us, bool key, bool splice)
    {
        if (!_begun && !WriteAll(poll, encoding.Header()))
            return false;
        _begun = true;
        if (splice)
        {
            // The pipe refers to the header as to the frame, so it must not change before both are read.
            var slot = _headers + (_headerSlot++ % HeaderSlots * NutStream.MaxFrameHeaderBytes);
            var bytes = NutStream.FrameHeader(new Span<byte>(slot, NutStream.MaxFrameHeaderBytes), pts_us, payloadBytes, key);
            return Splice(poll, new MemoryRange((nint)slot, bytes), new MemoryRange(frame.Address, payloadBytes));
        }
        Span<byte> header = stackalloc byte[NutStream.MaxFrameHeaderBytes];
        var headerBytes = NutStream.FrameHeader(header, pts_us, payloadBytes, key);
        return WriteAll(poll, header[..headerBytes]) && WriteAll(poll, encoding.Pack(frame, payloadBytes));
    }

    private bool Splice(PollSet poll, MemoryRange header, MemoryRange payload)
    {
        Span<MemoryRange> ranges = [header, payload];
        while (ranges.Length > 0)
        {
            var taken = pipe.TryVmsplice(ranges);
            if (taken < 0)
            {
                if (!WaitForRoom(poll))
                    return false;
                continue;
            }
            Wrote(taken);
            while (ranges.Length > 0 && taken >= ranges[0].Length)
            {
                taken -= ranges[0].Length;
                ranges = ranges[1..];
            }
            if (ranges.Length > 0)
                ranges[0] = new MemoryRange(ranges[0].Address + (nint)taken, ranges[0].Length - (nint)taken);
        }
        return true;
    }

    private bool WriteAll(PollSet poll, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var taken = pipe.TryWrite(bytes);
            if (taken < 0)
            {
                if (!WaitForRoom(poll))
                    return false;
                continue;
            }
            Wrote(taken);
            bytes = bytes[(int)taken..];
        }
        return true;
    }

    private void Wrote(long bytes) => Volatile.Write(ref _written, _written + bytes);

    private bool WaitForRoom(PollSet poll)
    {
        if (_aborted)
            return false;
        poll.Wait();
        return !_aborted;
    }

    /// <summary>Frees the headers: nobody may still read the pipe.</summary>
    public void Dispose() => NativeMemory.AlignedFree(_headers);
}
