using System.Globalization;
using System.Text.RegularExpressions;
using ThatDam.Agent.Devices;
using ThatDam.Contract;

namespace ThatDam.Agent.Recording;

/// <summary>A request that was looked at: every field is in its range. What it means for a camera is decided when the camera's mode is known.</summary>
internal sealed partial record RecordingPlan
{
    private const int MaxPixels = 32768;
    private const double MaxFps = 1000;
    private const double MaxDuration_s = 366 * 86400.0;
    private const int MaxCrf = 51;

    /// <summary>The request.</summary>
    public required RecordingRequest Request { get; init; }

    /// <summary>The device by any of its names.</summary>
    public required string DeviceName { get; init; }

    /// <summary>Video to take, microseconds; null for no end.</summary>
    public long? Duration_us { get; init; }

    /// <summary>Video in one file, microseconds; null for no limit.</summary>
    public long? Segment_us { get; init; }

    /// <summary>Whether it goes on when a camera that was unplugged is back.</summary>
    public bool Resume { get; init; }

    /// <summary>The recording that it goes on with, after a start of the daemon; null: it is a new one.</summary>
    public string? Continues { get; init; }

    /// <summary>The same for a camera: what the request leaves open is as the configuration has it for that camera.</summary>
    public RecordingPlan For(Device device)
    {
        if (device.Rule is not { } rule)
            return this;
        var profile = rule.Profile;
        var sized = Request.Width is not null;
        return this with
        {
            Request = Request with
            {
                Codec = Request.Codec ?? profile.Codec,
                Width = sized ? Request.Width : profile.Width,
                Height = sized ? Request.Height : profile.Height,
                Fps = Request.Fps ?? profile.Fps,
            },
            Segment_us = (long?)profile.Segment?.TotalMicroseconds,
            Resume = Request.Resume ?? rule.ResumeOnReplug,
        };
    }

    /// <summary>Checks a request.</summary>
    /// <exception cref="ProblemException">422, naming the field, what it holds and what it may hold.</exception>
    public static RecordingPlan Of(RecordingRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Device))
            throw Invalid("device", "is missing", "Name one: damctl devices list shows them.");
        if (request.Width is null != request.Height is null)
            throw Invalid("width and height", "belong together", "Give both, or neither for the camera's best.");
        Range("width", request.Width, 1, MaxPixels);
        Range("height", request.Height, 1, MaxPixels);
        if (request.Fps is { } fps && !(fps > 0 && fps <= MaxFps))
            throw Invalid("fps", Text(fps), "Give frames per second, such as 30 or 29.97.");
        Range("crf", request.Crf, 0, MaxCrf);
        if (request.Bitrate is not null && request.Crf is not null)
            throw Invalid("bitrate and crf", "exclude each other", "Give a bitrate for a steady rate, or a crf for a steady quality.");
        if (request.DurationS is { } duration && !(duration > 0 && duration <= MaxDuration_s))
            throw Invalid("duration_s", Text(duration), "Give seconds above 0, or leave it out to record until it is stopped.");
        if (request.Label is { } label && !LabelPattern().IsMatch(label))
            throw Invalid("label", $"\"{label}\"", "Give 1 to 64 of A-Z a-z 0-9 . _ -");
        return new RecordingPlan
        {
            Request = request,
            DeviceName = request.Device,
            Resume = request.Resume ?? false,
            Duration_us = request.DurationS is { } seconds ? (long)(seconds * 1_000_000) : null,
        };
    }

    private static void Range(string field, int? value, int least, int most)
    {
        if (value is { } given && (given < least || given > most))
            throw Invalid(field, Text(given), most == int.MaxValue ? $"Give {least} or more." : $"Give {least} to {most}.");
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static ProblemException Invalid(string field, string reason, string remedy) =>
        new(422, "invalid_request", "Invalid request", $"{field}: {reason}.", remedy);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex LabelPattern();
}
