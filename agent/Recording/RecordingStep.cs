namespace ThatDam.Agent.Recording;

/// <summary>What has changed about a recording, as far as it is told to others.</summary>
internal sealed record RecordingStep
{
    /// <summary>Its state only.</summary>
    public static RecordingStep Advanced { get; } = new();

    /// <summary>It has ended while no file was open: its last file was told before.</summary>
    public static RecordingStep EndedBetween { get; } = new() { Ended = true };

    /// <summary>A further file was begun; its number, from 1.</summary>
    public int? Begun { get; private init; }

    /// <summary>These files are final; their numbers, in order.</summary>
    public IReadOnlyList<int> Closed { get; private init; } = [];

    /// <summary>Whether it has ended.</summary>
    public bool Ended { get; private init; }

    /// <summary>A further file was begun.</summary>
    public static RecordingStep Begin(int segment) => new() { Begun = segment };

    /// <summary>A file is final, and the recording goes on.</summary>
    public static RecordingStep Cut(int segment) => new() { Closed = [segment] };

    /// <summary>It has ended with these files; the last of them is its last.</summary>
    public static RecordingStep End(params IReadOnlyList<int> segments) => new() { Closed = segments, Ended = true };
}
