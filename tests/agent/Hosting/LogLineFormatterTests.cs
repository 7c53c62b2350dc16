using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using ThatDam.Agent.Hosting;
using ThatDam.Agent.Tenancy;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class LogLineFormatterTests
{
    [Fact]
    public void A_line_has_time_level_and_message_and_the_journals_has_no_time()
    {
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[.][0-9]{3}Z info /dev/video0: 8 buffers\n$", Line(withTime: true, log => Opened(log, "/dev/video0")));
        Assert.Equal("info /dev/video0: 8 buffers\n", Line(withTime: false, log => Opened(log, "/dev/video0")));
    }

    [Fact]
    public void A_devices_name_cannot_begin_a_line_nor_move_the_cursor() =>
        Assert.Equal("info cam\\nerror forged\\u001b[2J\\u202e: 8 buffers\n", Line(withTime: false, log => Opened(log, "cam\nerror forged\e[2J\u202E")));

    [Fact]
    public void An_exception_stays_on_the_line()
    {
        var line = Line(withTime: false, log => log.LogError(new IOException("no\ndisk"), "It failed"));
        Assert.StartsWith("error It failed: System.IO.IOException: no\\ndisk", line, StringComparison.Ordinal);
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_ends_with_its_tenant_and_its_principal_and_neither_can_be_forged()
    {
        Assert.Equal("info /dev/video0: 8 buffers tenant=news principal=uid:1000(anna)\n", Of(new Caller { TenantId = "news", PrincipalId = "uid:1000(anna)" }));
        Assert.Equal("info /dev/video0: 8 buffers tenant=a\\nerror b principal=\\u001b[2J\n", Of(new Caller { TenantId = "a\nerror b", PrincipalId = "\e[2J" }));

        static string Of(Caller caller) => Line(withTime: false, log => Opened(log, "/dev/video0"), new As(caller));
    }

    private static void Opened(Microsoft.Extensions.Logging.ILogger log, string device) => log.LogInformation("{Device}: {Buffers} buffers", device, 8);

    private static string Line(bool withTime, Action<Microsoft.Extensions.Logging.ILogger> write, params ILogEventEnricher[] enrichers)
    {
        var sink = new Sink(new LogLineFormatter(withTime));
        using var logs = new SerilogLoggerFactory(new LoggerConfiguration().Enrich.With(enrichers).WriteTo.Sink(sink).CreateLogger(), dispose: true);
        write(logs.CreateLogger("test"));
        return sink.Text.ToString();
    }

    private sealed class As(Caller caller) : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => CallerEnricher.Enrich(logEvent, caller);
    }

    private sealed class Sink(LogLineFormatter formatter) : ILogEventSink
    {
        public StringWriter Text { get; } = new();

        public void Emit(LogEvent logEvent) => formatter.Format(logEvent, Text);
    }
}
