namespace ThatDam.Agent.Capture;

/// <summary>
/// The virtual camera's picture, YUYV: colour bars, a square that moves, and at the top a code that survives an encoder. The code is three
/// rows of 32 cells, each <see cref="CellPixels"/> square, most significant bit first, white for 1: row 0 the frame counter, rows 1 and 2
/// the capture time (CLOCK_MONOTONIC, microseconds), upper half first.
/// </summary>
internal sealed unsafe class CodedPattern
{
    /// <summary>A cell's side, pixels: a macroblock, so that one cell's bits do not bleed into the next.</summary>
    public const int CellPixels = 16;

    /// <summary>Cells in a row.</summary>
    public const int CellsPerRow = 32;

    /// <summary>Rows of cells.</summary>
    public const int Rows = 3;

    // ITU-R BT.601 limited range: black, white and no colour.
    private const byte Black = 16;
    private const byte White = 235;
    private const byte Neutral = 128;
    private const int SquarePixels = 32;
    private const byte Ground = 80;

    // 75 % bars, Y Cb Cr.
    private static readonly (byte Y, byte Cb, byte Cr)[] Bars =
        [(180, 128, 128), (162, 44, 142), (131, 156, 44), (112, 72, 58), (84, 184, 198), (65, 100, 212), (35, 212, 114)];

    private readonly int _width;
    private readonly int _height;

    public CodedPattern(int width, int height) => (_width, _height) = (width, height);

    private int Stride => _width * 2;

    private int TrackTop => _height - (2 * SquarePixels);

    /// <summary>Paints what does not change: once for each buffer.</summary>
    public void PaintGround(byte* picture)
    {
        PaintBand(picture, 0, CellPixels * Rows, _ => (Black, Neutral, Neutral));
        PaintBand(picture, CellPixels * Rows, TrackTop, x => Bars[x * Bars.Length / _width]);
        PaintBand(picture, TrackTop, _height, _ => (Ground, Neutral, Neutral));
    }

    // Rows that are all alike.
    private void PaintBand(byte* picture, int top, int end, Func<int, (byte Y, byte Cb, byte Cr)> color)
    {
        var first = new Span<byte>(picture + (top * Stride), Stride);
        for (var x = 0; x < _width; x += 2)
        {
            var (luma, cb, cr) = color(x);
            (first[x * 2], first[(x * 2) + 1], first[(x * 2) + 2], first[(x * 2) + 3]) = (luma, cb, luma, cr);
        }
        for (var y = top + 1; y < end; y++)
            first.CopyTo(new Span<byte>(picture + (y * Stride), Stride));
    }

    /// <summary>Paints what changes from frame to frame.</summary>
    /// <param name="picture">A picture with its ground painted.</param>
    /// <param name="before">The counter of the frame that this buffer held before; null for none.</param>
    /// <param name="counter">The frame's counter.</param>
    /// <param name="time_us">When it is captured.</param>
    public void PaintFrame(byte* picture, uint? before, uint counter, long time_us)
    {
        PaintRow(picture, 0, counter);
        PaintRow(picture, 1, (uint)((ulong)time_us >> 32));
        PaintRow(picture, 2, (uint)time_us);
        if (before is { } old)
            PaintSquare(picture, old, Ground);
        PaintSquare(picture, counter, White);
    }

    private void PaintRow(byte* picture, int row, uint bits)
    {
        var top = picture + (row * CellPixels * Stride);
        for (var cell = 0; cell < CellsPerRow; cell++)
        {
            var pair = Pair((bits >> (CellsPerRow - 1 - cell) & 1) == 1 ? White : Black);
            new Span<uint>(top + (cell * CellPixels * 2), CellPixels / 2).Fill(pair);
        }
        var first = new ReadOnlySpan<byte>(top, CellsPerRow * CellPixels * 2);
        for (var y = 1; y < CellPixels; y++)
            first.CopyTo(new Span<byte>(top + (y * Stride), first.Length));
    }

    private void PaintSquare(byte* picture, uint counter, byte luma)
    {
        var left = (int)(counter * 8 % (uint)(_width - SquarePixels)) & ~1;
        for (var y = 0; y < SquarePixels; y++)
            new Span<uint>(picture + ((TrackTop + (SquarePixels / 2) + y) * Stride) + (left * 2), SquarePixels / 2).Fill(Pair(luma));
    }

    private static uint Pair(byte luma) => luma | ((uint)Neutral << 8) | ((uint)luma << 16) | ((uint)Neutral << 24);
}
