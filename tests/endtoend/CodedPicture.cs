using System.Diagnostics;

namespace ThatDam.EndToEnd.Tests;

/// <summary>What the virtual camera codes into each picture: three rows of 32 cells of 16 pixels, white for 1, most significant bit first.</summary>
/// <param name="Counter">The frame's counter.</param>
/// <param name="Captured_us">When it was captured, CLOCK_MONOTONIC.</param>
internal readonly record struct CodedPicture(uint Counter, long Captured_us)
{
    private const int Cell = 16, Cells = 32, Rows = 3, Width = Cell * Cells, Height = Cell * Rows;

    /// <summary>The code of every picture in a file, in order.</summary>
    public static async Task<List<CodedPicture>> ReadAsync(string file)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in new[] { "-v", "error", "-nostdin", "-i", file, "-map", "0:v", "-fps_mode", "passthrough",
                     "-vf", $"crop={Width}:{Height}:0:0,format=gray", "-f", "rawvideo", "-" })
            start.ArgumentList.Add(word);
        using var ffmpeg = Process.Start(start)!;
        var errors = ffmpeg.StandardError.ReadToEndAsync();
        var pictures = new List<CodedPicture>();
        var luma = new byte[Width * Height];
        while (true)
        {
            var got = await ffmpeg.StandardOutput.BaseStream.ReadAtLeastAsync(luma, luma.Length, throwOnEndOfStream: false);
            if (got < luma.Length)
                break;
            pictures.Add(new CodedPicture(Row(luma, 0), (long)(((ulong)Row(luma, 1) << 32) | Row(luma, 2))));
        }

        await ffmpeg.WaitForExitAsync();
        Assert.True(ffmpeg.ExitCode == 0, await errors);
        return pictures;
    }

    private static uint Row(byte[] luma, int row)
    {
        uint bits = 0;
        for (var cell = 0; cell < Cells; cell++)
        {
            // The middle of the cell, where an encoder leaves it alone.
            var sum = 0;
            for (var y = 6; y < 10; y++)
                for (var x = 6; x < 10; x++)
                    sum += luma[(((row * Cell) + y) * Width) + (cell * Cell) + x];
            bits = (bits << 1) | (sum > 16 * 128 ? 1u : 0u);
        }

        return bits;
    }
}
