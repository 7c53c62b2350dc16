namespace ThatDam.Agent.Devices;

/// <summary>One <c>[Camera:NAME]</c> of the configuration: a name for a camera, and what is to be done with it.</summary>
public sealed record CameraRule
{
    /// <summary>The name: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>. Everything that takes a device takes it.</summary>
    public required string Name { get; init; }

    /// <summary>Which camera it means.</summary>
    public CameraMatch? Match { get; init; }

    /// <summary>What a recording of it takes where its request says nothing.</summary>
    public CameraProfile Profile { get; init; } = new();

    /// <summary>A recording starts by itself when it appears (<c>OnPlug=record</c>).</summary>
    public bool RecordOnPlug { get; init; }

    /// <summary>A recording goes on by itself when it is back (<c>OnReplug=resume</c>).</summary>
    public bool ResumeOnReplug { get; init; }
}

/// <summary>What a recording of a camera takes where its request says nothing. Null: the camera's best, the daemon's default.</summary>
public sealed record CameraProfile
{
    /// <summary><c>copy</c>, <c>h264</c>, <c>hevc</c>, <c>mjpeg</c> or <c>ffv1</c>.</summary>
    public string? Codec { get; init; }

    /// <summary>Pixels; with <see cref="Height"/>.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Frames per second.</summary>
    public double? Fps { get; init; }

    /// <summary>How long one file is before the next is begun.</summary>
    public TimeSpan? Segment { get; init; }
}

/// <summary>Which camera a rule means.</summary>
/// <param name="Kind">What is compared.</param>
/// <param name="Text">With what: of a name a pattern with <c>*</c> and <c>?</c>.</param>
public sealed record CameraMatch(CameraMatchKind Kind, string Text);

/// <summary>What a rule compares.</summary>
public enum CameraMatchKind
{
    /// <summary><c>serial:</c>, the USB serial number.</summary>
    Serial,

    /// <summary><c>port:</c>, the place as udev's ID_PATH names it, or its USB part, such as <c>usb-0:1.2</c>.</summary>
    Port,

    /// <summary><c>name:</c>, the driver's name for it, as a pattern.</summary>
    Name,

    /// <summary><c>id:</c>, the stable id.</summary>
    Id,
}
