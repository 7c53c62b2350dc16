using System.Text.Json;
using System.Text.Json.Serialization;

namespace ThatDam.Contract;

/// <summary>
/// One capture device. The first seven fields are the event contract's device summary; the rest is added, and is empty in a summary of an
/// emitter that knows only those. Fields that this version does not know survive a read.
/// </summary>
public sealed record DeviceSummary
{
    /// <summary>The device node, such as <c>/dev/video0</c>; <c>virtual:0</c> for a built-in virtual camera.</summary>
    public required string Id { get; init; }

    /// <summary><c>v4l2</c> or <c>virtual</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The same as <see cref="Id"/>.</summary>
    public required string Path { get; init; }

    /// <summary>The driver's name for it (v4l2_capability.card). May hold any character: escape it before a terminal sees it.</summary>
    public required string Name { get; init; }

    /// <summary>What it can do, in short.</summary>
    public required DeviceCapabilities Capabilities { get; init; }

    /// <summary><c>online</c> or <c>offline</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When it was last seen.</summary>
    [JsonConverter(typeof(UtcTime))]
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>Who it is, wherever it is plugged: survives replug, reboot and renumbering.</summary>
    public string StableId { get; init; } = "";

    /// <summary>The kernel driver, such as <c>uvcvideo</c>.</summary>
    public string Driver { get; init; } = "";

    /// <summary>Where it is plugged (v4l2_capability.bus_info).</summary>
    public string Bus { get; init; } = "";

    /// <summary>The USB serial number, if it has one.</summary>
    public string? Serial { get; init; }

    /// <summary>
    /// <c>closed</c>, <c>opening</c>, <c>streaming</c>, <c>stalled</c>, <c>lost</c>, <c>waiting</c> (see <c>capture.device_state</c>), or
    /// <c>unavailable</c>: closed, and it has a problem.
    /// </summary>
    public string State { get; init; } = "";

    /// <summary><c>capture</c>, or why it is left out of the list: <c>metadata</c>, <c>output</c>, <c>m2m</c>, <c>radio</c>, <c>vbi</c>, <c>sdr</c>, <c>touch</c>, <c>other</c>.</summary>
    public string Role { get; init; } = "capture";

    /// <summary>Every mode, best described first by format, then size.</summary>
    public IReadOnlyList<DeviceMode> Modes { get; init; } = [];

    /// <summary>What a recording that asks for nothing would set; null where no mode is described.</summary>
    public DefaultMode? DefaultMode { get; init; }

    /// <summary>The inputs of a device that has several, or that has a signal state.</summary>
    public IReadOnlyList<DeviceInput> Inputs { get; init; } = [];

    /// <summary>The mode it streams in now.</summary>
    public StreamMode? Streaming { get; init; }

    /// <summary>Whether it captures through the multi-planar API.</summary>
    public bool Multiplanar { get; init; }

    /// <summary>The name that the configuration gives it (<c>[Camera:NAME]</c>).</summary>
    public string? Alias { get; init; }

    /// <summary>What its stable id rests on, in words, such as <c>its serial number</c>.</summary>
    public string? IdentifiedBy { get; init; }

    /// <summary>Which line of the configuration gives it its name, and why that line was the one, in words.</summary>
    public string? Matched { get; init; }

    /// <summary>
    /// The signal of its current input: <c>ok</c>, <c>no device</c>, <c>no cable</c>, <c>no signal</c>, <c>no sync</c>, <c>out of range</c> and
    /// so on; null where the driver does not say.
    /// </summary>
    public string? Signal { get; init; }

    /// <summary>Why the device could not be read in full, with the remedy.</summary>
    public string? Problem { get; init; }

    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The contract's short form of what a device can do.</summary>
public sealed record DeviceCapabilities
{
    /// <summary>Each <c>WIDTHxHEIGHT</c>, largest first.</summary>
    public required IReadOnlyList<string> Resolutions { get; init; }

    /// <summary>Each rate, frames per second, rising.</summary>
    public required IReadOnlyList<double> Fps { get; init; }

    /// <summary>Each format by the contract's name: <c>MJPEG</c> for fourcc MJPG, else the fourcc.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>Whether a microphone belongs to it.</summary>
    public bool Audio { get; init; }

    /// <summary>Fields that this version does not know.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>One format at one size, with its rates.</summary>
public sealed record DeviceMode
{
    /// <summary>The fourcc, such as <c>YUYV</c> or <c>MJPG</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Pixels. The least width where a range is given.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels. The least height where a range is given.</summary>
    public required int Height { get; init; }

    /// <summary>Frames per second, falling. Of a range, its ends.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>The greatest size and the steps, where the driver gives a range of sizes (stepwise or continuous).</summary>
    public SizeRange? Range { get; init; }

    /// <summary>Whether <see cref="Rates"/> are the ends of a range instead of single rates.</summary>
    public bool RateRange { get; init; }
}

/// <summary>The far end of a range of sizes; the near end is the mode's own width and height. Pixels.</summary>
public sealed record SizeRange(int MaxWidth, int MaxHeight, int StepWidth, int StepHeight);

/// <summary>One input of a device (VIDIOC_ENUMINPUT).</summary>
/// <param name="Index">Its number.</param>
/// <param name="Name">The driver's name for it.</param>
/// <param name="Current">Whether it is the one selected.</param>
/// <param name="Signal"><c>ok</c>, <c>no power</c>, <c>no signal</c>, <c>no sync</c> and so on; null where the driver does not say.</param>
public sealed record DeviceInput(int Index, string Name, bool Current, string? Signal);

/// <summary>The mode a device would be set to unasked.</summary>
/// <param name="Format">The fourcc.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Fps">Frames per second; 0 where the driver does not say.</param>
public sealed record DefaultMode(string Format, int Width, int Height, double Fps);

/// <summary>The mode a device streams in.</summary>
public sealed record StreamMode
{
    /// <summary>The fourcc.</summary>
    public required string Format { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Frames per second, as the driver says it.</summary>
    public required double Fps { get; init; }

    /// <summary><c>zero-copy</c> (vmsplice) or <c>copy</c> (write).</summary>
    public required string Transport { get; init; }

    /// <summary>Why frames are copied, if they are.</summary>
    public string? TransportReason { get; init; }

    /// <summary>How many consumers it feeds.</summary>
    public required int Consumers { get; init; }

    /// <summary>Driver buffers in the queue.</summary>
    public required int Buffers { get; init; }
}

/// <summary>Devices, as <c>GET /v1/devices</c> and the stream of devices give them.</summary>
public sealed record DeviceList(IReadOnlyList<DeviceSummary> Devices);
