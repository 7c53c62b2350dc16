using ThatDam.Agent.Hosting;

namespace ThatDam.Agent.Tests.Hosting;

public sealed class ConfigurationReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = [];

    private string Default => _directory["capture.conf"];

    [Fact]
    public void Without_any_file_every_key_has_its_default()
    {
        var options = Read();
        Assert.Equal("/var/lib/thatdam", options.State.Directory);
        Assert.Equal("/var/lib/thatdam/recordings", options.Recording.OutputDirectory);
        Assert.Equal("/run/thatdam/capture.sock", options.Control.Socket);
        Assert.Equal(0, options.VirtualCameras.Count);
    }

    [Fact]
    public void Each_source_goes_over_the_one_before()
    {
        _directory.Write("capture.conf", "[Recording]\nOutputDirectory=/file\n[Ffmpeg]\nPoolSize=2\nPreset=medium\n[VirtualCameras]\nCount=1\n");
        _directory.Write("capture.conf.d/20-b.conf", "[Ffmpeg]\nPoolSize=4\n");
        _directory.Write("capture.conf.d/10-a.conf", "[Ffmpeg]\nPoolSize=3\nPreset=fast\n");
        _directory.Write("capture.conf.d/30-ignored.txt", "nonsense");
        _environment["CAPTURE_OUTDIR"] = "/environment";
        _environment["THATDAM_SOCKET"] = "/environment.sock";

        var options = Read("--set", "VirtualCameras.Count=5", "--socket", "/flag.sock");

        Assert.Equal("/environment", options.Recording.OutputDirectory);
        Assert.Equal(4, options.Ffmpeg.PoolSize);
        Assert.Equal("fast", options.Ffmpeg.Preset);
        Assert.Equal(5, options.VirtualCameras.Count);
        Assert.Equal("/flag.sock", options.Control.Socket);
        Assert.Equal("/flag", Read("--output", "/flag").Recording.OutputDirectory);
    }

    [Fact]
    public void A_named_file_is_the_only_one_read()
    {
        _directory.Write("capture.conf", "[Ffmpeg]\nPoolSize=2\n");
        var named = _directory.Write("mine.conf", "[Capture]\nZeroCopy=off\nBuffers=4\n");
        var options = Read("--config", named);
        Assert.Equal(1, options.Ffmpeg.PoolSize);
        Assert.False(options.Capture.ZeroCopy);
        Assert.Equal(4, options.Capture.Buffers);
    }

    [Fact]
    public void A_named_file_that_is_missing_is_an_error() =>
        Assert.Equal([$"{_directory["none.conf"]}: there is no such file"], Mistakes("--config", _directory["none.conf"]));

    [Fact]
    public void An_unknown_key_is_told_with_file_line_and_the_known_ones()
    {
        _directory.Write("capture.conf", "# a comment\n\n[Recording]\n; another\nOutputDirectory=/x\nFoo = 1\n");
        Assert.Equal([$"{Default}:6: unknown key 'Foo' in [Recording]; known keys: OutputDirectory, ResumeWithin"], Mistakes());
    }

    [Fact]
    public void An_unknown_section_is_told_even_when_it_is_empty()
    {
        _directory.Write("capture.conf", "[Recording]\n[Recordings]\n");
        var mistake = Assert.Single(Mistakes());
        Assert.StartsWith($"{Default}:2: unknown section [Recordings]; known sections: State, ", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_will_not_do_is_told_with_what_would()
    {
        _directory.Write("capture.conf", "[Ffmpeg]\nPoolSize=lots\nPreset=quick\n[Capture]\nZeroCopy=maybe\n[Recording]\nOutputDirectory=here\n[Log]\nLevel=loud\n");
        Assert.Equal(
            [
                $"{Default}:2: PoolSize=lots: PoolSize in [Ffmpeg] must be a whole number from 0 to 16",
                $"{Default}:3: Preset=quick: Preset in [Ffmpeg] must be one of: ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, veryslow",
                $"{Default}:5: ZeroCopy=maybe: ZeroCopy in [Capture] must be one of: auto, off",
                $"{Default}:7: OutputDirectory=here: OutputDirectory in [Recording] must be an absolute path",
                $"{Default}:9: Level=loud: Level in [Log] must be one of: debug, info, warning, error",
            ],
            Mistakes());
    }

    [Theory]
    [InlineData("[Log]\nLevel=info\nnonsense\n", ":3: 'nonsense' is neither a [Section] nor Key=value")]
    [InlineData("[Log]\nLevel=info\n\nlevel=error\n", ":4: 'level' stands in line 2 already")]
    public void A_line_that_cannot_be_read_is_told(string text, string told)
    {
        _directory.Write("capture.conf", text);
        Assert.Equal([Default + told], Mistakes());
    }

    [Fact]
    public void A_key_outside_every_section_is_told()
    {
        _directory.Write("capture.conf", "Level=info\n");
        Assert.StartsWith($"{Default}:1: a key must stand in a section; known sections: ", Assert.Single(Mistakes()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_left_empty_goes_back_to_the_default()
    {
        _directory.Write("capture.conf", "[Ffmpeg]\nPoolSize=7\n");
        _directory.Write("capture.conf.d/a.conf", "[Ffmpeg]\nPoolSize=\n");
        Assert.Equal(1, Read().Ffmpeg.PoolSize);
    }

    [Fact]
    public void Names_are_of_any_case_and_values_may_be_quoted()
    {
        _directory.Write("capture.conf", "[FFMPEG]\npath = \"/opt/ffmpeg 7/bin/ffmpeg\"\n");
        Assert.Equal("/opt/ffmpeg 7/bin/ffmpeg", Read().Ffmpeg.Path);
    }

    [Fact]
    public void Mistakes_in_the_environment_and_the_flags_name_their_place()
    {
        _environment["CAPTURE_OUTDIR"] = "relative";
        Assert.Equal(
            [
                "environment: CAPTURE_OUTDIR=relative: OutputDirectory in [Recording] must be an absolute path",
                "command line: --set Capture.Buffers=1000: Buffers in [Capture] must be a whole number from 2 to 32",
                "command line: unknown key 'Nope' in [Log]; known keys: Target, Level",
            ],
            Mistakes("--set", "Capture.Buffers=1000", "--set", "Log.Nope=1"));
    }

    [Fact]
    public void The_brokers_variables_are_taken_without_a_word()
    {
        _environment["EVENT_BROKER_URL"] = "amqp://broker";
        _environment["AMQP_URL"] = "amqp://broker";
        _environment["BROKER_EXCHANGE"] = "thatdam";
        Assert.Equal("/var/lib/thatdam", Read().State.Directory);
    }

    [Fact]
    public void No_message_repeats_a_password_of_a_url()
    {
        _environment["AMQP_URL"] = "http://cam:hidden1@broker";
        _environment["EVENT_BROKER_URL"] = "amqp//cam:hidden2@broker";
        _directory.Write("capture.conf", "[Broker]\nUrl=cam:hidden3@broker\nUrls=amqp://cam:hidden4@broker\n[Log]\nLevel=amqp://cam:hidden5@with@broker\n");
        var mistakes = Mistakes("--set", "Broker.Url=amqp://cam:hidden6@/x");
        Assert.Equal(
            [
                $"{Default}:2: Url=…: Url in [Broker] must be a broker's address, such as amqp://user@host:5672/vhost, or amqps:// for TLS; several with a space between",
                $"{Default}:3: unknown key 'Urls' in [Broker]; known keys: Url, Exchange, PasswordFile, CaFile, CertificateFile, KeyFile, Queues, QueueMaxMessages, ConfirmTimeout",
                $"{Default}:5: Level=amqp://…@broker: Level in [Log] must be one of: debug, info, warning, error",
                "environment: AMQP_URL=…: Url in [Broker] must be a broker's address, such as amqp://user@host:5672/vhost, or amqps:// for TLS; several with a space between",
                "environment: EVENT_BROKER_URL=…: Url in [Broker] must be a broker's address, such as amqp://user@host:5672/vhost, or amqps:// for TLS; several with a space between",
                "command line: --set Broker.Url=…: Url in [Broker] must be a broker's address, such as amqp://user@host:5672/vhost, or amqps:// for TLS; several with a space between",
            ],
            mistakes);
    }

    [Fact]
    public void A_request_topic_is_none_of_the_events() =>
        Assert.Contains("must be a topic of its own", Assert.Single(Mistakes("--set", "Events.RequestTopic=capture.device_list")), StringComparison.Ordinal);

    [Fact]
    public void The_command_line_takes_no_password()
    {
        var mistake = Assert.Single(Mistakes("--set", "Broker.Url=amqp://cam:hidden@broker"));
        Assert.StartsWith("command line: --set Broker.Url=…: Url in [Broker] must not hold a password here", mistake, StringComparison.Ordinal);
        Assert.Contains("PasswordFile=", mistake, StringComparison.Ordinal);
        _environment["EVENT_BROKER_URL"] = "amqp://cam:hidden@broker"; // the platform gives it so
        Assert.Single(Read("--set", "Log.Level=info").Broker.Urls);
    }

    [Fact]
    public void A_line_that_cannot_be_read_shows_no_password()
    {
        _directory.Write("capture.conf", "[Broker]\nUrl: amqp://cam:hidden@broker\n");
        Assert.Equal([$"{Default}:2: 'Url: amqp://…@broker' is neither a [Section] nor Key=value"], Mistakes());
    }

    public void Dispose() => _directory.Dispose();

    private AgentOptions Read(params string[] args)
    {
        var flags = CommandLine.Parse(args, TextWriter.Null, TextWriter.Null, out _);
        return new ConfigurationReader(Default, name => _environment.GetValueOrDefault(name)).Read(flags!);
    }

    private IReadOnlyList<string> Mistakes(params string[] args) => Assert.Throws<ConfigurationException>(() => Read(args)).Mistakes;
}
