using Serilog.Extensions.Logging;
using ThatDam.Agent.Capture;
using ThatDam.Agent.Control;
using ThatDam.Agent.Devices;
using ThatDam.Agent.Ffmpeg;
using ThatDam.Agent.Hosting;
using ThatDam.Agent.Piping;
using ThatDam.Agent.Publishing;
using ThatDam.Agent.Recording;
using ThatDam.Agent.State;
using ThatDam.Agent.Supervision;
using ThatDam.Agent.Tenancy;
using ThatDam.Contract;
using ThatDam.Native.Clocks;
using ThatDam.Native.Descriptors;

var diskHangs = TimeSpan.FromSeconds(1);
using var hangup = new HangupSignal();
if (CommandLine.Parse(args, Console.Out, Console.Error, out var exitCode) is not { } flags)
    return exitCode;

AgentOptions options;
var configuration = new ConfigurationReader(ConfigurationReader.DefaultFile, Environment.GetEnvironmentVariable);
try
{
    options = configuration.Read(flags);
}
catch (ConfigurationException e)
{
    foreach (var mistake in e.Mistakes)
        Console.Error.WriteLine($"thatdam-capture: {LogLineFormatter.Escaped(mistake)}");
    return 2;
}

Caller.Daemon = Caller.Daemon with { TenantId = options.Tenancy.Tenant };
var threshold = new LogThreshold(options.Log.Level);
using var logs = new SerilogLoggerFactory(AgentLog.Create(options.Log, threshold, AgentLog.IsUnderSystemd), dispose: true);
try
{
    var time = TimeProvider.System;
    var started = time.GetTimestamp();
    var version = ProgramVersion.Of(typeof(AgentOptions).Assembly);
    var systemd = new SystemdNotifier(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));
    var passed = PassedDescriptor.TakeAll(Environment.GetEnvironmentVariable);
    PassedDescriptor? Passed(string name) => passed.FirstOrDefault(one => one.Name == name);

    using var state = StateDatabase.Open(options.State.Directory);
    var outbox = new EventOutbox(state, options.Events, Environment.MachineName, time, isLocal: options.Broker.Urls.Count == 0);
    var events = logs.CreateLogger<EventOutbox>();
    outbox.Dropped += (count, reason) => events.LogWarning("{Count} events were dropped unsent, for {Reason}", count, reason);
    var audit = new AuditLog(options.State.Directory, options.Audit, state, logs.CreateLogger<AuditLog>());
    audit.CatchUp(); // with what a crash left
    var scan = new DeviceScan(new DeviceIdentityStore(state), time, logs.CreateLogger<DeviceScan>());
    using var devices = new DeviceCatalog(scan, options.VirtualCameras, options.Devices, new KnownDeviceStore(state), time);
    using var watch = new DeviceWatch(devices, time, logs.CreateLogger<DeviceWatch>(), Passed("uevents"));
    var states = new CameraStates(time, logs.CreateLogger<CameraStates>());
    var sessions = new SessionRegistry(
        devices, states, time,
        (device, mode) => device.Kind == DeviceKind.Virtual
            ? VirtualCamera.Open(device, mode, options.Capture.Buffers)
            : V4L2Source.Open(device, mode, options.Capture.Buffers),
        source => TransportProbe.Choose(source, options.Capture.ZeroCopy),
        logs.CreateLogger<SessionRegistry>());
    await using var pool = new FfmpegPool(options.Ffmpeg, time, logs.CreateLogger<FfmpegPool>());
    await using var encoders = new EncoderCatalog(options.Ffmpeg, options.State.Directory, time, logs.CreateLogger<EncoderCatalog>());
    var commands = new RecordingCommands(encoders, pool, options.Ffmpeg);
    using var ledger = new RecordingLedger(state, outbox, time, logs.CreateLogger<RecordingLedger>());
    var output = new OutputFolder(options.Recording);
    var recorder = new Recorder(
        devices, sessions, commands, pool, output,
        ledger, new RecordingLimit(options.Tenancy, outbox), time, options.State.Directory, logs.CreateLogger<Recorder>());
    using var resumption = new Resumption(devices, recorder, ledger, options.Recording, time, logs.CreateLogger<Resumption>());
    resumption.Recover();
    using var jumps = new ClockJumps(() => TimeSpan.FromMicroseconds(KernelClock.Asleep_ns / 1000), recorder, time, logs.CreateLogger<ClockJumps>());
    jumps.Resumed += watch.LookSoon;
    watch.Slow += () => jumps.Look(); // where nothing records
    using var plugRules = new PlugRules(devices, recorder, new HeldCameraStore(state), time, logs.CreateLogger<PlugRules>());
    using var deviceList = new DeviceListPublisher(devices, sessions, outbox, options.Events, time, logs.CreateLogger<DeviceListPublisher>());
    using var deviceStates = new DeviceStatePublisher(states, outbox, time, logs.CreateLogger<DeviceStatePublisher>());
    await using var broker = new BrokerPublisher(options.Broker, options.Events, outbox, () => Greeting.Of(deviceList, version, time), time, logs.CreateLogger<BrokerPublisher>());
    broker.ListRequested += deviceList.TellRequestedAsync;

    devices.IsStreaming = stableId => sessions.ModeOf(stableId) is not null;
    watch.Start(); // before the first look, so that nothing comes or goes unseen
    // Not waited for here: requests that need the devices wait themselves.
    var firstLook = Task.Run(async () =>
    {
        await FirstLook.TakeAsync(devices, logs.CreateLogger<DeviceCatalog>());
        deviceList.Start();
        deviceStates.Start();
        broker.Start();
        jumps.Start();
        await resumption.StartAsync(); // before a rule records the same camera
        plugRules.Start();
    });

    var control = new LoopPulse("control", time);
    var recording = new LoopPulse("recording", time);
    using var api = new ApiPoke(options.Control.Socket);
    control.Poked += api.Ask;
    _ = new LoopProbe(recording, () =>
    {
        recorder.ComeRound();
        return true;
    });
    LoopPulse[] loops = [watch.Pulse, control, recording, broker.Pulse];

    var operators = new Operators(options.Control);
    await using var server = await ControlServer.StartAsync(options.Control, options.Metrics, Passed("control"), new AgentRooms
    {
        Devices = devices,
        FirstLook = firstLook,
        Sessions = sessions,
        Watch = watch.Status,
        Recorder = recorder,
        Outbox = outbox,
        Events = broker.Status,
        CatchUpAudit = audit.CatchUp,
        VerifyAudit = audit.Verify,
        TellDevices = deviceList.TellAsked,
        Tenancy = options.Tenancy,
        Output = output,
        Operators = operators,
        Ffmpeg = () => encoders.Status(pool.Status()),
        Pulse = control,
        Loops = loops,
        Version = version,
        Time = time,
        Started = started,
    }, logs);
    var reload = new ConfigurationReload(
        () => configuration.Read(flags), options, LiveSetting.Of(threshold, operators, output, devices, plugRules), logs.CreateLogger<ConfigurationReload>());
    hangup.Follow(() =>
    {
        systemd.Reloading();
        var how = reload.Run();
        systemd.Ready();
        systemd.Status(how);
    });
    Console.Error.WriteLine($"ready {options.Control.Socket}");
    systemd.Ready();
    using var status = new StatusLine(devices, recorder, systemd.Status);
    using var watchdog = new Watchdog(loops, () => state.Writing > diskHangs || server.Stopping.IsCancellationRequested, systemd.Alive, logs.CreateLogger<Watchdog>());
    watchdog.Start(Watchdog.Limit(Environment.GetEnvironmentVariable) ?? Watchdog.WithoutLimit);

    // What takes longer than a blink comes after ready: trying the encoders, warming ffmpeg.
    encoders.Start();
    var warm = firstLook.ContinueWith(_ => commands.WarmAsync(devices.All, server.Stopping), TaskScheduler.Default).Unwrap();
    _ = StartMemory.ReleaseAsync(warm, time, server.Stopping);

    await AgentLifetime.UntilStoppingAsync(server.Stopping);
    systemd.Stopping();
    await AgentLifetime.StopAsync(server, recorder, broker);
    return 0;
}
catch (ProblemException e)
{
    Console.Error.WriteLine($"thatdam-capture: {e.Problem.Detail}");
    if (e.Problem.Remedy is { } remedy)
        Console.Error.WriteLine($"  remedy: {remedy}");
    return 1;
}
