using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ThatDam.Contract;

namespace ThatDam.EndToEnd.Tests;

/// <summary>How a daemon is started.</summary>
internal sealed record DaemonSettings
{
    /// <summary>Built-in virtual cameras.</summary>
    public int VirtualCameras { get; init; } = 1;

    /// <summary>Where recordings go; null: a folder of its own.</summary>
    public string? Output { get; init; }

    /// <summary>Its state directory; null: a folder of its own.</summary>
    public string? State { get; init; }

    /// <summary>Its socket; null: one of its own.</summary>
    public string? Socket { get; init; }

    /// <summary>The ffmpeg it uses; null: the machine's.</summary>
    public string? Ffmpeg { get; init; }

    /// <summary>The text of its configuration file.</summary>
    public string Config { get; init; } = "";

    /// <summary>More flags.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Whether what an earlier daemon on this state recorded goes on. Else a test that starts several of them would count those too.</summary>
    public bool Resumes { get; init; }

    /// <summary>Runs as <c>nobody</c>; only root can ask it.</summary>
    public bool AsNobody { get; init; }

    /// <summary>Words before the program, such as <c>strace</c> and its options.</summary>
    public IReadOnlyList<string> Under { get; init; } = [];
}

/// <summary>
/// A running daemon in a folder of its own, and a <c>damctl</c> that speaks to it. Disposing stops it with SIGTERM and fails the test when
/// it ends badly or leaves a process behind.
/// </summary>
internal sealed class Daemon : IAsyncDisposable
{
    // What the first daemon found out about the encoders of this machine's ffmpeg: to try them again for each test would take longer than most.
    private static readonly string Encoders = Path.Combine(Path.GetTempPath(), $"dam-encoders-{Environment.ProcessId}.json");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopped;

    static Daemon() => AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(Encoders);

    private Daemon(DaemonSettings settings, string folder)
    {
        Folder = folder;
        Output = settings.Output ?? Path.Combine(folder, "recordings");
        State = settings.State ?? Path.Combine(folder, "state");
        Socket = settings.Socket ?? Path.Combine(folder, "capture.sock");
        var config = Path.Combine(folder, "capture.conf");
        File.WriteAllText(config, settings.Config);
        if (settings.Output is null)
            Directory.CreateDirectory(Output);
        Directory.CreateDirectory(State);
        if (settings.Ffmpeg is null && File.Exists(Encoders) && !File.Exists(Path.Combine(State, "encoders.json")))
            File.Copy(Encoders, Path.Combine(State, "encoders.json"));
        if (settings.AsNobody)
            foreach (var path in new[] { folder, State, Path.Combine(folder, "recordings") }.Where(Directory.Exists))
                File.SetUnixFileMode(path, (UnixFileMode)0x1ff);

        // Whatever started the tests may ignore SIGINT, as a shell's background jobs do.
        List<string> words = ["/usr/bin/env", "--default-signal=INT", .. settings.Under];
        if (settings.AsNobody)
            words.AddRange(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]);
        words.AddRange([Programs.Daemon, "--config", config, "--socket", Socket, "--output", Output, "--state", State,
            "--set", $"VirtualCameras.Count={settings.VirtualCameras}"]);
        if (!settings.Resumes)
            words.AddRange(["--set", "Recording.ResumeWithin=0"]);
        if (settings.Ffmpeg is { } ffmpeg)
            words.AddRange(["--set", $"Ffmpeg.Path={ffmpeg}"]);
        words.AddRange(settings.Flags);
        var start = new ProcessStartInfo(words[0]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        start.Environment.Remove("NOTIFY_SOCKET");
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.Exited += async (_, _) => await EndedAsync();
    }

    /// <summary>The folder that holds all of its files.</summary>
    public string Folder { get; }

    /// <summary>Where recordings go.</summary>
    public string Output { get; }

    /// <summary>Its state directory.</summary>
    public string State { get; }

    /// <summary>Its socket.</summary>
    public string Socket { get; }

    /// <summary>Its process, without what it was started under.</summary>
    public int Id { get; private set; }

    /// <summary>Whether it has ended, or is being ended.</summary>
    public bool HasEnded => _stopped || _process.HasExited;

    /// <summary>What it logged.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts one and waits until it is ready.</summary>
    public static async Task<Daemon> StartAsync(DaemonSettings? settings = null)
    {
        settings ??= new DaemonSettings();
        // Short, for a socket's path holds 107 bytes.
        var folder = Path.Combine(Path.GetTempPath(), $"dam-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(folder);
        var daemon = new Daemon(settings, folder);
        daemon._process.Start();
        daemon._process.BeginErrorReadLine();
        daemon._process.BeginOutputReadLine();
        try
        {
            await daemon._ready.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            daemon._process.Kill(entireProcessTree: true);
            Assert.Fail($"the daemon is not ready after 60 s:\n{daemon.Log}");
        }

        daemon.Id = (await daemon.StatusAsync()).Pid;
        if (settings is { State: null, Ffmpeg: null })
        {
            await Eventually.TrueAsync(async () => (await daemon.StatusAsync()).Ffmpeg.Probed, "the encoders have been tried", 120);
            File.Copy(Path.Combine(daemon.State, "encoders.json"), Encoders, overwrite: true);
        }

        return daemon;
    }

    /// <summary>Runs <c>damctl</c> against it.</summary>
    public Task<Said> DamctlAsync(params string[] arguments) =>
        Command.RunAsync(Programs.Damctl, ["--socket", Socket, .. arguments], new Dictionary<string, string> { ["NO_COLOR"] = "1" });

    /// <summary>Runs <c>damctl … -o json</c>, which must succeed, and reads what it printed.</summary>
    public async Task<T> JsonAsync<T>(JsonTypeInfo<T> type, params string[] arguments)
    {
        var said = (await DamctlAsync([.. arguments, "-o", "json"])).MustSucceed();
        return JsonSerializer.Deserialize(said.Stdout, type)!;
    }

    /// <summary>Its status. Proof that it still serves.</summary>
    public Task<AgentStatus> StatusAsync() => JsonAsync(ContractJson.Default.AgentStatus, "status");

    /// <summary>The devices it lists.</summary>
    public async Task<IReadOnlyList<DeviceSummary>> DevicesAsync() =>
        (await JsonAsync(ContractJson.Default.DeviceList, "devices", "list")).Devices;

    /// <summary>The recordings that have not ended.</summary>
    public async Task<IReadOnlyList<Recording>> ActiveAsync() =>
        (await JsonAsync(ContractJson.Default.RecordingList, "record", "list")).Recordings
            .Where(r => r.State is not ("stopped" or "failed")).ToList();

    /// <summary>Records and waits for the end.</summary>
    public Task<Recording> RecordAsync(string device, double seconds, params string[] options) =>
        JsonAsync(ContractJson.Default.Recording,
            ["record", "start", device, "--duration", seconds.ToString(CultureInfo.InvariantCulture) + "s", "--wait", .. options]);

    /// <summary>Starts a recording, which runs on.</summary>
    public Task<Recording> StartRecordingAsync(string device, params string[] options) =>
        JsonAsync(ContractJson.Default.Recording, ["record", "start", device, .. options]);

    /// <summary>One recording.</summary>
    public Task<Recording> ShowAsync(string id) => JsonAsync(ContractJson.Default.Recording, "record", "show", id);

    /// <summary>Stops a recording and returns it as it ended.</summary>
    public async Task<Recording> StopRecordingAsync(string id)
    {
        (await DamctlAsync("record", "stop", id)).MustSucceed();
        return await ShowAsync(id);
    }

    /// <summary>Its children that have ended and were not reaped.</summary>
    public IReadOnlyList<Seen> Zombies() => Processes.Children(Id).FindAll(p => p.State == 'Z');

    /// <summary>Its ffmpeg processes whose arguments hold a word, the oldest first: one that is at work is older than its successor in the pool.</summary>
    public IReadOnlyList<Seen> Ffmpegs(string word) =>
        [.. Processes.Children(Id).Where(p => p.State != 'Z' && p.Arguments().Contains(word)).OrderBy(p => p.Started)];

    /// <summary>Stops it with a signal; it must end with code 0, within 20 s, and leave nothing running.</summary>
    public async Task StopAsync(int signal = Processes.SIGTERM)
    {
        if (_stopped)
            return;
        _stopped = true;
        var children = Processes.Children(Id);
        Processes.Signal(Id, signal);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"still running 20 s after signal {signal}:\n{Log}");
        }

        if (signal != Processes.SIGKILL)
        {
            Assert.True(_process.ExitCode == 0, $"ended with {_process.ExitCode}:\n{Log}");
            Assert.False(File.Exists(Socket), "the socket was left behind");
        }

        await Eventually.TrueAsync(() => !children.Exists(Processes.Lives),
            $"no child of the daemon is left: {string.Join("; ", children.Select(p => string.Join(' ', p.Arguments())))}", 5);
    }

    /// <summary>Stops it, and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
                Assert.Empty(Zombies());
            await StopAsync();
        }
        finally
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            _process.Dispose();
            EventHarvest.Take(State);
            Directory.Delete(Folder, recursive: true);
        }
    }

    private async Task EndedAsync()
    {
        if (_ready.Task.IsCompleted)
            return;
        try
        {
            // What it said last may still be on its way.
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            // A child of it holds its output open, or nobody waits any more.
        }
        _ready.TrySetException(new InvalidOperationException($"the daemon ended before it was ready:\n{Log}"));
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        _log.Enqueue(line);
        if (line.StartsWith("ready ", StringComparison.Ordinal))
            _ready.TrySetResult(line["ready ".Length..]);
    }
}
