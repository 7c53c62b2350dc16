using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using ThatDam.Agent.Hosting;

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

    private static void Opened(Microsoft.Extensions.Logging.ILogger log, string device) => log.LogInformation("{Device}: {Buffers} buffers", device, 8);

    private static string Line(bool withTime, Action<Microsoft.Extensions.Logging.ILogger> write)
    {
        var sink = new Sink(new LogLineFormatter(withTime));
        using var logs = new SerilogLoggerFactory(new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger(), dispose: true);
        write(logs.CreateLogger("test"));
        return sink.Text.ToString();
    }

    private sealed class Sink(LogLineFormatter formatter) : ILogEventSink
    {
        public StringWriter Text { get; } = new();

        public void Emit(LogEvent logEvent) => formatter.Format(logEvent, Text);
    }
}
