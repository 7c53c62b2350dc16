namespace ThatDam.Agent.Capture;

/// <summary>A frame that a consumer keeps: the driver's own buffer, or a copy.</summary>
public readonly struct KeptFrame
{
    private readonly BufferLedger? _ledger;
    private readonly CopyBudget? _copies;

    internal KeptFrame(BufferLedger? ledger, CopyBudget? copies, in CapturedFrame frame)
    {
        _ledger = ledger;
        _copies = copies;
        Frame = frame;
    }

    /// <summary>The frame; its address is good until <see cref="Release"/>.</summary>
    public CapturedFrame Frame { get; }

    /// <summary>Whether it is the driver's own buffer.</summary>
    public bool IsDriverBuffer => _ledger is not null;

    /// <summary>Gives it back. Once only; from any thread.</summary>
    public void Release()
    {
        _ledger?.Release(Frame.Index);
        _copies?.Return(Frame.Address);
    }
}
