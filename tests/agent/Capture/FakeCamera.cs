using System.Runtime.InteropServices;
using ThatDam.Agent.Capture;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Tests.Capture;

/// <summary>FAKE: a camera that delivers so many small JPEG-like frames as fast as its buffers come back, then falls silent, as no real one does on demand.</summary>
internal sealed unsafe class FakeCamera(int frames) : IFrameSource
{
    private const int Buffers = 8;
    private const int Bytes = 4096;

    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Buffers * Bytes, 4096);
    private readonly EventDescriptor _ready = EventDescriptor.Create();
    private readonly Queue<int> _queued = new();
    private int _left = frames;
    private uint _sequence;
    private volatile bool _unplugged;

    public CaptureMode Mode { get; } = new()
    {
        Format = "MJPG",
        Width = 640,
        Height = 360,
        Stride = 0,
        FrameBytes = Bytes,
        IntervalNumerator = 1,
        IntervalDenominator = 60,
    };

    /// <summary>How many frames come once its stream was started again.</summary>
    public int FramesAfterRestart { get; init; }

    /// <summary>What starting its stream fails with.</summary>
    public Errno StartFails { get; init; }

    /// <summary>What is wrong with its signal.</summary>
    public string? Fault { get; init; }

    /// <summary>The buffers that were out when its stream was started again.</summary>
    public IReadOnlyList<int>? OutAtRestart { get; private set; }

    /// <summary>Whether it can be opened anew.</summary>
    public bool IsGivenUp { get; private set; }

    public int BufferCount => Buffers;

    public bool LeavesBuffersAlone => true;

    public Descriptor Readiness => _ready;

    public nint BufferAddress(int index) => (nint)(_memory + (index * Bytes));

    public void Start()
    {
        if (StartFails != Errno.None)
            throw new NativeException("VIDIOC_STREAMON", "/dev/fake", StartFails);
        for (var index = 0; index < Buffers; index++)
            Queue(index);
    }

    public bool TryDequeue(out CapturedFrame frame)
    {
        frame = default;
        if (_unplugged)
            throw new NativeException("VIDIOC_DQBUF", "/dev/fake", Errno.ENODEV);
        if (_left == 0 || !_queued.TryDequeue(out var index))
        {
            _ready.Reset();
            return false;
        }
        _left--;
        var picture = new Span<byte>((void*)BufferAddress(index), Bytes);
        picture.Fill((byte)_sequence);
        (picture[0], picture[1]) = (0xFF, 0xD8);
        frame = new CapturedFrame(index, BufferAddress(index), Bytes, _sequence, 1_000_000 + (_sequence * 16_667L), false);
        _sequence++;
        return true;
    }

    public void Queue(int index)
    {
        Assert.DoesNotContain(index, _queued);
        _queued.Enqueue(index);
        _ready.Signal();
    }

    public void Restart(Func<int, bool> isOut)
    {
        OutAtRestart = [.. Enumerable.Range(0, Buffers).Where(isOut)];
        (_sequence, _left) = (0, FramesAfterRestart);
        _queued.Clear();
        foreach (var index in Enumerable.Range(0, Buffers).Where(index => !isOut(index)))
            Queue(index);
    }

    public string? SignalProblem() => Fault;

    /// <summary>Somebody pulls its plug.</summary>
    public void Unplug()
    {
        _unplugged = true;
        _ready.Signal();
    }

    public void Stop() => _ready.Reset();

    public void GiveUp() => IsGivenUp = true;

    public void Dispose()
    {
        _ready.Dispose();
        NativeMemory.AlignedFree(_memory);
    }
}
