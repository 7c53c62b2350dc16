using System.Collections.Concurrent;
using ThatDam.Contract;
using ThatDam.Native.Errors;

namespace ThatDam.Agent.Ffmpeg;

/// <summary>
/// Which encoders work here, found by encoding with each: in the background after <see cref="Start"/>, or when one is first asked for.
/// What worked is kept in the state directory for the next start. When ffmpeg is changed, all is found anew. For any thread.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="stateDirectory">Where it is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed class EncoderCatalog(FfmpegOptions options, string stateDirectory, TimeProvider time, ILogger<EncoderCatalog> logger) : IAsyncDisposable
{
    // For each codec ffmpeg's encoders, the best first. The order of the codecs is that of probing.
    private static readonly (VideoCodec Codec, string[] Encoders)[] Candidates =
    [
        (VideoCodec.H264, ["libx264"]),
        (VideoCodec.Mjpeg, ["mjpeg"]),
        (VideoCodec.Hevc, ["libx265"]),
        (VideoCodec.Ffv1, ["ffv1"]),
    ];

    private readonly EncoderCache _cache = new(stateDirectory);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _trying = Task.CompletedTask;
    private Findings? _findings;

    /// <summary>Begins to try every encoder in the background. Not before the daemon serves: it takes the processor for a second or more.</summary>
    public void Start() => _trying = Task.Factory.StartNew(
        () =>
        {
            try
            {
                var findings = Current();
                findings.FindVersion();
                foreach (var (codec, _) in Candidates.TakeWhile(_ => !_stop.IsCancellationRequested))
                    findings.Of(codec).Wait();
            }
            catch (ProblemException problem)
            {
                logger.LogWarning("{Problem}", problem.Message);
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>The encoder for a codec; waits until it has been tried. For a copy no encoder is needed, and only ffmpeg has to be there.</summary>
    /// <exception cref="ProblemException">503: there is no ffmpeg. 422: it has no encoder that works for this codec; names those that it has.</exception>
    public async Task<EncoderStatus> For(VideoCodec codec, CancellationToken cancellation = default)
    {
        var findings = Current();
        if (codec == VideoCodec.Copy)
            return new EncoderStatus(FormatRules.Word(codec), "copy", true, null);
        var found = await findings.Of(codec).WaitAsync(cancellation).ConfigureAwait(false);
        if (found.Works)
            return found;
        var working = new List<string>();
        foreach (var (other, _) in Candidates)
        {
            if ((await findings.Of(other).WaitAsync(cancellation).ConfigureAwait(false)).Works)
                working.Add(FormatRules.Word(other));
        }

        throw new ProblemException(
            422,
            "encoder_unavailable",
            "That encoder does not work",
            $"{found.Codec} cannot be encoded here: {findings.Program.Path} says of {found.Name}: {found.Problem}",
            working.Count == 0
                ? "Install a full ffmpeg (apt install ffmpeg); of this one no encoder works."
                : $"Install an ffmpeg that has {found.Name}, or choose a codec that works here: {string.Join(", ", working)}.");
    }

    /// <summary>What is known now, without waiting.</summary>
    /// <param name="pool">How the pool stands.</param>
    public FfmpegStatus Status(PoolStatus pool)
    {
        try
        {
            var findings = Current();
            return new FfmpegStatus
            {
                Path = findings.Program.Path,
                Version = findings.Version,
                Probed = findings.Complete,
                Encoders = findings.Tried,
                Pool = pool,
            };
        }
        catch (ProblemException problem)
        {
            return new FfmpegStatus { Problem = problem.Message, Pool = pool };
        }
    }

    /// <summary>Ends what is being tried.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _trying.ConfigureAwait(false);
        _stop.Dispose();
    }

    private Findings Current()
    {
        var program = FfmpegProgram.Find(options);
        lock (_lock)
        {
            if (_findings?.Program != program)
                _findings = new Findings(program, options, _cache, time, logger, _stop.Token);
            return _findings;
        }
    }

    /// <summary>What is found out of one ffmpeg.</summary>
    private sealed class Findings
    {
        private readonly FfmpegOptions _options;
        // A trial fails too when the machine has no processor to spare.
        private static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(1);

        private readonly EncoderCache _cache;
        private readonly TimeProvider _time;
        private readonly ILogger _logger;
        private readonly CancellationToken _stop;
        private readonly Lock _lock = new();
        private readonly ConcurrentDictionary<string, EncoderStatus> _tried = new();
        private readonly Dictionary<VideoCodec, long> _begun = []; // when each was last tried
        private readonly Dictionary<VideoCodec, Lazy<Task<EncoderStatus>>> _probes;
        private KnownEncoders _known;

        public Findings(FfmpegProgram program, FfmpegOptions options, EncoderCache cache, TimeProvider time, ILogger logger, CancellationToken stop)
        {
            Program = program;
            (_options, _cache, _time, _logger, _stop) = (options, cache, time, logger, stop);
            _known = cache.Load(program);
            _probes = Candidates.ToDictionary(candidate => candidate.Codec, candidate => New(candidate.Codec));
        }

        public FfmpegProgram Program { get; }

        public string? Version => _known.Version;

        public bool Complete => _probes.Values.All(probe => probe.IsValueCreated && probe.Value.IsCompleted);

        public IReadOnlyList<EncoderStatus> Tried =>
            [.. Candidates.SelectMany(candidate => candidate.Encoders).Select(name => _tried.GetValueOrDefault(name)).OfType<EncoderStatus>()];

        /// <summary>The best encoder of a codec, tried once; one that failed is tried anew when it is asked for again, a minute later at the earliest.</summary>
        public Task<EncoderStatus> Of(VideoCodec codec)
        {
            lock (_lock)
            {
                var probe = _probes[codec];
                if (probe is { IsValueCreated: true, Value.IsCompleted: true } && !(probe.Value.IsCompletedSuccessfully && probe.Value.Result.Works)
                    && _time.GetElapsedTime(_begun[codec]) > TryAgain)
                    probe = _probes[codec] = New(codec);
                _begun.TryAdd(codec, _time.GetTimestamp());
                return probe.Value;
            }
        }

        private Lazy<Task<EncoderStatus>> New(VideoCodec codec)
        {
            _begun.Remove(codec);
            var encoders = Candidates.First(candidate => candidate.Codec == codec).Encoders;
            return new Lazy<Task<EncoderStatus>>(() => Task.Factory.StartNew(
                () => Probe(codec, encoders), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }

        public void FindVersion()
        {
            if (Version is null && EncoderProbe.Version(Program, _time) is { } version)
                Remember(known => known with { Version = version });
        }

        private EncoderStatus Probe(VideoCodec codec, string[] encoders)
        {
            EncoderStatus? status = null;
            foreach (var encoder in encoders)
            {
                status = _known.Working.FirstOrDefault(known => known.Name == encoder) ?? Try(codec, encoder);
                _tried[encoder] = status;
                if (status.Works)
                    break;
            }

            return status!;
        }

        private EncoderStatus Try(VideoCodec codec, string encoder)
        {
            try
            {
                var status = EncoderProbe.Try(Program, _options, codec, encoder, _time, _stop);
                if (status.Works)
                    Remember(known => known with { Working = [.. known.Working.Where(other => other.Name != encoder), status] });
                else if (!_stop.IsCancellationRequested)
                    _logger.LogInformation("Encoder {Encoder} does not work: {Problem}", encoder, status.Problem);
                return status;
            }
            catch (ProblemException problem)
            {
                return new EncoderStatus(FormatRules.Word(codec), encoder, false, problem.Problem.Detail);
            }
            catch (NativeException e)
            {
                return new EncoderStatus(FormatRules.Word(codec), encoder, false, e.Message);
            }
        }

        private void Remember(Func<KnownEncoders, KnownEncoders> change)
        {
            lock (_lock)
            {
                _known = change(_known);
                _cache.Save(_known);
            }
        }
    }
}
