using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

using ThatDam.Contract;

namespace ThatDam.Cli.Client;

/// <summary>The daemon's API at one socket. Every failure is a <see cref="FailureException"/>.</summary>
internal sealed class Daemon(string socketPath)
{
    /// <summary>Where the daemon listens unless told otherwise.</summary>
    public const string DefaultSocket = "/run/thatdam/capture.sock";

    // Listing 64 devices takes well under a second; a start answers within the 5 s that a first frame may take, and a cold ffmpeg.
    private static readonly TimeSpan PatienceForState = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PatienceForStart = TimeSpan.FromSeconds(60);

    // The audit log may be of many files, each read whole.
    private static readonly TimeSpan PatienceForAudit = TimeSpan.FromMinutes(10);

    /// <summary>The socket's path.</summary>
    public string SocketPath { get; } = socketPath;

    /// <summary>GET /v1/status.</summary>
    public Answer Status() => Get("/v1/status");

    /// <summary>GET /v1/devices.</summary>
    /// <param name="all">Also those that are no cameras.</param>
    public Answer Devices(bool all) => Get(all ? "/v1/devices?all=true" : "/v1/devices");

    /// <summary>GET /v1/devices/{device}.</summary>
    /// <param name="device">Path, stable id, alias, or part of the name.</param>
    public Answer Device(string device) => Get($"/v1/devices/{Uri.EscapeDataString(device)}");

    /// <summary>GET /v1/recordings.</summary>
    /// <param name="active">Only those that have not ended.</param>
    public Answer Recordings(bool active) => Get(active ? "/v1/recordings?active=true" : "/v1/recordings");

    /// <summary>GET /v1/recordings/{id}.</summary>
    public Answer Recording(string id) => Get($"/v1/recordings/{Uri.EscapeDataString(id)}");

    /// <summary>POST /v1/recordings; answers when the first frame is in.</summary>
    public Answer Start(RecordingRequest request)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(request, ContractJson.Default.RecordingRequest);
        using Exchange exchange = Send("POST", "/v1/recordings", json, PatienceForStart);
        return Finish(exchange);
    }

    /// <summary>
    /// POST /v1/recordings/{id}/stop, sent but not waited for: <see cref="Finish"/> it. It answers when the file is final, however long
    /// that takes.
    /// </summary>
    public Exchange BeginStop(string id) => Send("POST", $"/v1/recordings/{Uri.EscapeDataString(id)}/stop", json: null, patience: null);

    /// <summary>GET /v1/stream/devices.</summary>
    public EventStream WatchDevices() => Watch("/v1/stream/devices");

    /// <summary>GET /v1/stream/recordings.</summary>
    public EventStream WatchRecordings() => Watch("/v1/stream/recordings");

    /// <summary>POST /v1/devices/rescan; answers with the list once every device was looked at.</summary>
    public Answer Rescan() => Ask("POST", "/v1/devices/rescan", PatienceForState);

    /// <summary>GET /v1/events/status.</summary>
    public Answer EventsStatus() => Get("/v1/events/status");

    /// <summary>GET /v1/stream/events.</summary>
    /// <param name="pattern">Topics, as AMQP's topic exchange has it.</param>
    /// <param name="since">First those from then on; null for none but new ones.</param>
    /// <param name="follow">Whether new ones are waited for.</param>
    public EventStream TailEvents(string pattern, DateTimeOffset? since, bool follow)
    {
        string from = since is { } moment
            ? $"&since={Uri.EscapeDataString(moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture))}"
            : "";
        return Watch($"/v1/stream/events?pattern={Uri.EscapeDataString(pattern)}{from}&follow={(follow ? "true" : "false")}");
    }

    /// <summary>GET /v1/audit; answers once the whole log was read.</summary>
    public Answer Audit() => Ask("GET", "/v1/audit", PatienceForAudit);

    /// <summary>Waits for the answer to a request that was sent.</summary>
    public Answer Finish(Exchange exchange) => Guard(() =>
    {
        exchange.ReadHead();
        byte[] body = exchange.Body!.ReadAll();
        return exchange.Status is >= 200 and < 300 ? new Answer(body) : throw Refusal(exchange, body);
    });

    private static FailureException Refusal(Exchange exchange, byte[] body)
    {
        try
        {
            if (exchange.MediaType == "application/problem+json"
                && JsonSerializer.Deserialize(body, ContractJson.Default.Problem) is { } problem)
                return FailureException.OfProblem(problem with { Status = exchange.Status });
        }
        catch (JsonException)
        {
            // Not our words: the status is all there is.
        }

        return new FailureException(
            FailureException.OfStatus(exchange.Status),
            $"the daemon: HTTP {exchange.Status} {exchange.Reason}",
            "damctl and thatdam-capture may be of different versions");
    }

    private Answer Get(string target) => Ask("GET", target, PatienceForState);

    private Answer Ask(string method, string target, TimeSpan patience)
    {
        using Exchange exchange = Send(method, target, json: null, patience);
        return Finish(exchange);
    }

    private EventStream Watch(string target)
    {
        // The head must come soon; events may then keep still for days.
        Exchange exchange = Send("GET", target, json: null, patience: null);
        try
        {
            return Guard(() =>
            {
                exchange.ReadHead();
                return exchange.Status == 200 ? new EventStream(exchange) : throw Refusal(exchange, exchange.Body!.ReadAll());
            });
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    private Exchange Send(string method, string target, byte[]? json, TimeSpan? patience)
    {
        try
        {
            return Exchange.Send(SocketPath, method, target, json, patience);
        }
        catch (SocketException e)
        {
            throw FailureException.OfConnection(SocketPath, e);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new FailureException(
                ExitCode.Usage,
                $"{SocketPath}: longer than a socket's path can be (107 bytes)",
                "name a shorter one with --socket PATH");
        }
    }

    private T Guard<T>(Func<T> exchange)
    {
        try
        {
            return exchange();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            throw new FailureException(
                ExitCode.Unreachable,
                $"{SocketPath}: the daemon does not answer",
                "see `journalctl -u thatdam-capture`");
        }
        catch (Exception e) when (e is SocketException or InvalidDataException)
        {
            throw new FailureException(ExitCode.Unreachable, $"{SocketPath}: {e.Message}", "see `journalctl -u thatdam-capture`");
        }
    }
}
