using ThatDam.Agent.Supervision;
using ThatDam.Contract;
using ThatDam.Native.Descriptors;
using ThatDam.Native.Errors;
using ThatDam.Native.Uevents;

namespace ThatDam.Agent.Devices;

/// <summary>
/// Follows devices as they come and go: a thread of its own waits for udev's messages, or where no udevd runs the kernel's, and has the
/// catalog look at what they name. It trusts no message further than that: what is there is read from sysfs. Messages that were lost lead to
/// a look at everything. Once a minute, off the hot path, the nodes are compared in any case. Between messages it sleeps.
/// </summary>
public sealed class DeviceWatch : IDisposable
{
    private const int StackBytes = 256 * 1024;
    private const int Most = 1000; // messages between two looks at the clock

    private static readonly TimeSpan SlowPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefusalPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly DeviceCatalog _devices;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceWatch> _log;
    private readonly Func<UeventSource> _best;
    private readonly Func<UeventSource, IUeventFeed> _open;
    private readonly LookPace _pace;
    private readonly EventDescriptor _wake = EventDescriptor.Create();
    private readonly ITimer _slow;
    private readonly ITimer _due;
    private readonly HashSet<string> _named = []; // nodes to be asked again; of the thread
    private IUeventFeed? _feed;
    private Thread? _thread;
    private bool _pending; // of the thread, as the next
    private bool _full;
    private long? _refusalTold;
    private volatile string? _problem;
    private volatile bool _stopping;
    private volatile bool _slowDue;
    private volatile bool _fullAsked;
    private long _accepted;
    private long _refused;
    private long _overruns;

    /// <summary>A watch that has not begun.</summary>
    /// <param name="devices">Told to look.</param>
    /// <param name="time">Runs the timers.</param>
    /// <param name="log">Told whom it listens to, and what goes wrong.</param>
    /// <param name="passed">A socket of udev's messages that was handed over; null: one is opened. Owned from here on.</param>
    public DeviceWatch(DeviceCatalog devices, TimeProvider time, ILogger<DeviceWatch> log, PassedDescriptor? passed = null)
        : this(devices, time, log, () => new UeventFeeds("/run/udev").Best, UeventFeeds.Over(passed))
    {
    }

    /// <summary>A watch with other feeds.</summary>
    /// <param name="devices">Told to look.</param>
    /// <param name="time">Runs the timers.</param>
    /// <param name="log">Told whom it listens to, and what goes wrong.</param>
    /// <param name="best">Who should be listened to now.</param>
    /// <param name="open">Listens.</param>
    internal DeviceWatch(DeviceCatalog devices, TimeProvider time, ILogger<DeviceWatch> log, Func<UeventSource> best, Func<UeventSource, IUeventFeed> open)
    {
        (_devices, _time, _log, _best, _open) = (devices, time, log, best, open);
        _pace = new LookPace(time);
        Pulse = new LoopPulse("uevents", time);
        Pulse.Poked += () => Wake(slow: false);
        _slow = time.CreateTimer(_ => Wake(slow: true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _due = time.CreateTimer(_ => Wake(slow: false), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Raised once a minute, before that look, on the watch's thread: for what is to be seen some time, and has no message.</summary>
    public event Action? Slow;

    /// <summary>From now on no coming and going is missed. Called once, before the first look.</summary>
    public void Start()
    {
        Listen();
        _thread = new Thread(Follow, StackBytes) { IsBackground = true, Name = "device-watch" };
        _thread.Start();
        _slow.Change(SlowPeriod, SlowPeriod);
    }

    /// <summary>Has everything looked at soon, because something else says that it may have changed, such as the end of a suspend.</summary>
    public void LookSoon()
    {
        _fullAsked = true;
        Wake(slow: false);
    }

    /// <summary>Its loop's.</summary>
    public LoopPulse Pulse { get; }

    /// <summary>How it goes.</summary>
    public WatchStatus Status()
    {
        var feed = Volatile.Read(ref _feed);
        return new WatchStatus
        {
            Source = feed?.Source switch { UeventSource.Udev => "udev", UeventSource.Kernel => "kernel", _ => "none" },
            Problem = _problem,
            ReceiveBufferBytes = feed?.ReceiveBufferBytes ?? 0,
            Accepted = Interlocked.Read(ref _accepted),
            Refused = Interlocked.Read(ref _refused),
            Overruns = Interlocked.Read(ref _overruns),
            Looks = _devices.Looks,
        };
    }

    private void Follow()
    {
        while (!_stopping)
        {
            var feed = _feed;
            using var poll = new PollSet();
            poll.Add(_wake, PollEvents.In);
            var place = feed is null ? -1 : poll.Add(feed.Readable, PollEvents.In);
            while (!_stopping && feed == _feed)
            {
                try
                {
                    poll.Wait();
                    Pulse.Beat();
                    _wake.Reset();
                    if (feed is not null && poll.Found(place) is not PollEvents.None and var found)
                        Drain(feed, found);
                }
                catch (Exception e) when (e is IOException or NativeException)
                {
                    // Opened again with the next slow look.
                    _log.LogError("Messages on devices come no more: {Reason}", e.Message);
                    _problem = $"{e.Message} It is opened again within a minute; until then devices are looked at once a minute.";
                    Close();
                }
                try
                {
                    LookIfDue();
                }
                catch (Exception e)
                {
                    // Whatever it was, devices are followed on.
                    _log.LogError(e, "The devices could not be looked at");
                    Again();
                }
            }
        }
        Close();
    }

    private void Drain(IUeventFeed feed, PollEvents found)
    {
        for (var count = 0; count < Most; count++)
        {
            switch (Receive(feed, out var uevent, out var reason))
            {
                case UeventReceipt.Empty when count == 0 && (found & PollEvents.In) == 0:
                    throw new IOException($"The socket of device events is broken ({found}).");
                case UeventReceipt.Empty:
                    return;
                case UeventReceipt.Message:
                    Interlocked.Increment(ref _accepted);
                    Note(uevent!);
                    break;
                case UeventReceipt.Refused:
                    Refuse(reason!);
                    break;
                case UeventReceipt.Overrun:
                    Interlocked.Increment(ref _overruns);
                    (_pending, _full) = (true, true);
                    break;
            }
        }
    }

    private static UeventReceipt Receive(IUeventFeed feed, out Uevent? uevent, out string? reason)
    {
        try
        {
            return feed.Receive(out uevent, out reason);
        }
        catch (NativeException)
        {
            (uevent, reason) = (null, null);
            return UeventReceipt.Overrun; // as good as lost
        }
    }

    private void Note(Uevent uevent)
    {
        switch (uevent.Action)
        {
            case "remove":
                break;
            case "add" or "change":
                _named.Add(Path.GetFileName(uevent.DevPath));
                break;
            case "move":
                _named.Add(Path.GetFileName(uevent.DevPath));
                if (uevent.DevPathOld is { } old)
                    _named.Add(Path.GetFileName(old));
                break;
            default:
                return; // bind, unbind and so on: of drivers, not of nodes
        }
        _pending = true;
    }

    private void Refuse(string reason)
    {
        var count = Interlocked.Increment(ref _refused);
        if (_refusalTold is { } told && _time.GetElapsedTime(told) < RefusalPeriod)
            return;
        _refusalTold = _time.GetTimestamp();
        _log.LogWarning("A message on devices is not believed, for {Reason}; {Count} since the start", reason, count);
    }

    private void LookIfDue()
    {
        if (_slowDue)
        {
            _slowDue = false;
            Slow?.Invoke();
            Listen();
            Observe(_devices.LookSlowlyAsync());
        }
        if (_fullAsked)
        {
            _fullAsked = false;
            (_pending, _full) = (true, true);
        }
        if (!_pending)
            return;
        var isFull = _full && _pace.Wait(isFull: true) == TimeSpan.Zero;
        if (_pace.Wait(isFull) is var wait && wait > TimeSpan.Zero)
        {
            _due.Change(wait, Timeout.InfiniteTimeSpan);
            return;
        }
        _pace.Take(isFull);
        var scope = new LookScope { IsFull = isFull, IsPrompt = true, Nodes = _named.ToHashSet() };
        _named.Clear();
        // What was lost is looked at in full a little later, what is there and what is gone is told now.
        (_pending, _full) = (_full && !isFull, _full && !isFull);
        if (_pending)
            _due.Change(_pace.Wait(isFull: true), Timeout.InfiniteTimeSpan);
        Observe(_devices.LookAsync(scope));
    }

    // What a look that failed was about is not lost: everything is looked at once more, a little later.
    private void Again()
    {
        _fullAsked = true;
        _due.Change(AfterFailure, Timeout.InfiniteTimeSpan);
    }

    private void Observe(Task look) => look.ContinueWith(
        failed =>
        {
            _log.LogError(failed.Exception, "The devices could not be looked at");
            Again();
        },
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Listens to whom should be listened to, if that is somebody else than now. What came before that is seen by a look.</summary>
    private void Listen()
    {
        var best = _best();
        if (_feed?.Source == best)
            return;
        var isFirst = _thread is null;
        try
        {
            var feed = _open(best);
            Close();
            Volatile.Write(ref _feed, feed);
            _problem = best == UeventSource.Udev ? null
                : "No udevd runs here, so the kernel's own messages are followed: a node may be seen before its rights are set. Start systemd-udevd.";
            _log.LogInformation("Devices are followed by the messages of {Source}; {Bytes} bytes may wait", Status().Source, feed.ReceiveBufferBytes);
        }
        catch (NativeException e)
        {
            var known = _problem;
            _problem = $"udev's messages on devices cannot be received ({e.Reason}), so "
                + (_feed is null ? "devices are looked at once a minute. " : "the kernel's own are followed: a node may be seen before its rights are set. ")
                + "Allow the daemon AF_NETLINK: RestrictAddressFamilies= in its unit; in a container, share the host's network.";
            if (_feed is null && known != _problem)
                _log.LogWarning("{Problem}", _problem);
        }
        if (!isFirst)
            (_pending, _full) = (true, true);
    }

    private void Close()
    {
        var feed = _feed;
        Volatile.Write(ref _feed, null);
        feed?.Dispose();
    }

    private void Wake(bool slow)
    {
        if (slow)
            _slowDue = true;
        try
        {
            _wake.Signal();
        }
        catch (ObjectDisposedException)
        {
            // It has ended.
        }
    }

    /// <summary>Ends it, and waits for its thread. A look that it began ends behind its back.</summary>
    public void Dispose()
    {
        if (_stopping)
            return;
        _stopping = true;
        Wake(slow: false);
        _thread?.Join();
        _slow.Dispose();
        _due.Dispose();
        Close();
        _wake.Dispose();
    }
}
