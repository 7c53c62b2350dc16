namespace ThatDam.Agent.Capture;

/// <summary>One frame, offered to one consumer. Readable during the offer; longer only as a <see cref="KeptFrame"/>.</summary>
public readonly ref struct FrameOffer
{
    private readonly BufferLedger _ledger;
    private readonly CopyBudget _copies;

    internal FrameOffer(BufferLedger ledger, CopyBudget copies, in CapturedFrame frame)
    {
        _ledger = ledger;
        _copies = copies;
        Frame = frame;
    }

    /// <summary>The frame.</summary>
    public CapturedFrame Frame { get; }

    /// <summary>Its bytes.</summary>
    public unsafe ReadOnlySpan<byte> Bytes => new((void*)Frame.Address, Frame.Bytes);

    /// <summary>
    /// Keeps the driver's buffer from being filled again. Refused when the consumer has its share already, or when the driver would be
    /// left with too few: then <see cref="TryCopy"/>.
    /// </summary>
    /// <param name="held">How many buffers this consumer holds now.</param>
    /// <param name="kept">The frame, to be released.</param>
    public bool TryHold(int held, out KeptFrame kept)
    {
        if (held >= _ledger.Share || !_ledger.TryHold(Frame.Index))
        {
            kept = default;
            return false;
        }
        kept = new KeptFrame(_ledger, null, Frame);
        return true;
    }

    /// <summary>Copies the frame. Refused when the camera's copies have reached their limit: then the frame is to be dropped.</summary>
    public bool TryCopy(out KeptFrame kept)
    {
        if (!_copies.TryCopy(Bytes, out var address))
        {
            kept = default;
            return false;
        }
        kept = new KeptFrame(null, _copies, Frame with { Address = address });
        return true;
    }
}
