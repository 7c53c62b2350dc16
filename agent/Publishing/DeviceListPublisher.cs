using ThatDam.Agent.Capture;
using ThatDam.Agent.Devices;
using ThatDam.Agent.State;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Contract.Events;

namespace ThatDam.Agent.Publishing;

/// <summary>Tells the device list: after the first look, on every change, when asked, and every now and then.</summary>
public sealed class DeviceListPublisher : IDisposable
{
    private readonly DeviceCatalog _devices;
    private readonly SessionRegistry _sessions;
    private readonly EventOutbox _outbox;
    private readonly OutboxOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceListPublisher> _log;
    private ITimer? _timer;

    /// <summary>A publisher that tells nothing yet.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="sessions">What streams.</param>
    /// <param name="outbox">The events' way out.</param>
    /// <param name="options">How often the list is told in any case.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told what cannot be told.</param>
    public DeviceListPublisher(
        DeviceCatalog devices, SessionRegistry sessions, EventOutbox outbox, OutboxOptions options, TimeProvider time, ILogger<DeviceListPublisher> log) =>
        (_devices, _sessions, _outbox, _options, _time, _log) = (devices, sessions, outbox, options, time, log);

    /// <summary>The devices as an event carries them: without their modes, which a client asks the API for.</summary>
    public IReadOnlyList<DeviceSummary> Summaries() =>
        [.. DeviceSummaries.List(_devices, _sessions, all: false).Devices.Select(device => device with { Modes = [] })];

    /// <summary>Tells the list, and from now on every change. Called once, after the first look.</summary>
    public void Start()
    {
        _devices.Changed += OnChange;
        Tell("start");
        if (_options.DeviceListInterval > TimeSpan.Zero)
            _timer = _time.CreateTimer(_ => OnInterval(), null, _options.DeviceListInterval, _options.DeviceListInterval);
    }

    /// <summary>Tells the list. A state that cannot be written is told in the log; the next list says all the same.</summary>
    /// <param name="cause"><c>start</c>, <c>change</c>, <c>request</c> or <c>interval</c>.</param>
    /// <param name="caller">Who caused it; null for the current caller.</param>
    public void Tell(string cause, Caller? caller = null)
    {
        try
        {
            Commit(cause, caller);
        }
        catch (ProblemException e)
        {
            _log.LogError("The device list could not be told: {Reason}", e.Message);
        }
    }

    /// <summary>Tells the list, because a request asked for it.</summary>
    /// <exception cref="ProblemException">The state cannot be written.</exception>
    public void TellAsked() => Commit("request", null);

    /// <summary>Looks again and tells the list, because a message on the bus asked for it.</summary>
    /// <param name="correlation">What its sender correlates by.</param>
    public async Task TellRequestedAsync(string? correlation)
    {
        await _devices.RescanAsync(CancellationToken.None).ConfigureAwait(false);
        Tell("request", Caller.Daemon with { CorrelationId = correlation });
    }

    private void Commit(string cause, Caller? caller) => _outbox.Commit(new CaptureDeviceList { Devices = Summaries(), Cause = cause }, cause: caller);

    // A device that comes or goes was not caused by the request in which that was seen.
    private void OnChange() => Tell("change", Caller.Daemon);

    // The watch has followed the devices; nothing is looked at for this.
    private void OnInterval()
    {
        try
        {
            Tell("interval");
        }
        catch (Exception e)
        {
            // Nobody waits for it, so nothing may come out of it; the daemon may just have ended.
            _log.LogError(e, "The device list could not be told: {Reason}", e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _devices.Changed -= OnChange;
        _timer?.Dispose();
    }
}
