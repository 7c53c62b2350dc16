using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Piping;
using ThatDam.Contract;
using ThatDam.Native.Pipes;

namespace ThatDam.Agent.Tests.Piping;

/// <summary>Virtual cameras streamed through sessions and pipes into NUT files, and what ffmpeg makes of those.</summary>
internal sealed class NutRecording : IDisposable
{
    public const int Width = 640;
    public const int Height = 360;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("thatdam-nut-");

    public static Device Camera { get; } = new()
    {
        Node = "virtual:0",
        Kind = DeviceKind.Virtual,
        Role = DeviceRole.Capture,
        Name = "Virtual camera 0",
        Driver = "virtual",
        Bus = "virtual:0",
        StableId = "virtual:0",
        Modes = [new DeviceMode { Format = "YUYV", Width = Width, Height = Height, Rates = [60, 30] }],
        LastSeen = DateTimeOffset.UnixEpoch,
    };

    public static SessionRegistry Registry(bool zeroCopy) => Registry(zeroCopy, (device, request) => VirtualCamera.Open(device, request, buffers: 8));

    /// <summary>Sessions of cameras that open so. Nobody looks for devices: who is asked for is there.</summary>
    public static SessionRegistry Registry(bool zeroCopy, Func<Device, ModeRequest, IFrameSource> open)
    {
        var time = TimeProvider.System;
        var scan = new DeviceScan("/nowhere", "/nowhere", new IdentityLedger(_ => null, _ => null, (_, _) => { }), time, (_, _, _) => throw new InvalidOperationException());
        return new SessionRegistry(
            new DeviceCatalog(scan, new VirtualCameraOptions(), new DevicesOptions(), known: null, time), new CameraStates(time, NullLogger<CameraStates>.Instance), time,
            open, source => TransportProbe.Choose(source, zeroCopy), NullLogger<SessionRegistry>.Instance);
    }

    /// <summary>Records frames of the camera into a NUT file.</summary>
    public async Task<(string File, FrameCounts Counts)> RecordAsync(SessionRegistry registry, string name, int frames)
    {
        await using var subscription = await registry.SubscribeAsync(Camera, new ModeRequest(Fps: 60), TestContext.Current.CancellationToken);
        var (read, write) = Pipe.Create(Pipe.UnprivilegedMaximumBytes);
        var file = Path.Combine(_directory.FullName, name + ".nut");
        var reader = Task.Factory.StartNew(() => Drain(read, file), TaskCreationOptions.LongRunning);
        using var consumer = new PipeConsumer(name, subscription.Mode, subscription.Transport, write, duration_us: frames * 1_000_000L / 60);
        subscription.Start(consumer);
        await consumer.Stopped.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        subscription.Leave();
        await consumer.Drained.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await reader.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return (file, consumer.Counts(consumer.Piped));
    }

    /// <summary>Reads all there is into a file.</summary>
    public static void Drain(PipeReadEnd read, string file)
    {
        using (read)
        {
            using var to = File.Create(file);
            var block = new byte[64 * 1024];
            for (long taken; (taken = read.TryRead(block)) > 0;)
                to.Write(block, 0, (int)taken);
        }
    }

    /// <summary>The frame counter and the capture time (microseconds) that ffmpeg finds in each picture, with the packet's own timestamp.</summary>
    public static List<(uint Counter, long Time_us, long Pts_us)> Decode(string file)
    {
        var times = Run("ffprobe -v error -show_entries packet=pts -of csv=p=0 pipe:0", file)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => long.Parse(line.TrimEnd(','), null)).ToList();
        var gray = file + ".gray";
        Run($"ffmpeg -v error -i pipe:0 -fps_mode passthrough -enc_time_base -1 -pix_fmt gray -f rawvideo {gray}", file);
        var pixels = File.ReadAllBytes(gray);
        return [.. times.Select((pts, i) =>
        {
            var picture = pixels.AsSpan(i * Width * Height, Width * Height);
            return (Bits(picture, 0), (long)(((ulong)Bits(picture, 1) << 32) | Bits(picture, 2)), pts);
        })];
    }

    private static uint Bits(ReadOnlySpan<byte> picture, int row)
    {
        var bits = 0u;
        for (var cell = 0; cell < CodedPattern.CellsPerRow; cell++)
        {
            var (x, y) = ((cell * CodedPattern.CellPixels) + (CodedPattern.CellPixels / 2), (row * CodedPattern.CellPixels) + (CodedPattern.CellPixels / 2));
            bits = (bits << 1) | (picture[(y * Width) + x] > 128 ? 1u : 0u);
        }
        return bits;
    }

    // Through a pipe, as the agent does it: of a file, ffmpeg would seek for the end.
    private static string Run(string command, string input)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"cat {input} | {command}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && error.Result.Length == 0, $"{command}: exit {process.ExitCode}: {error.Result}");
        return output;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
