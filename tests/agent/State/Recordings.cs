namespace ThatDam.Agent.Tests.State;

/// <summary>Recordings to test with.</summary>
internal static class Recordings
{
    public static Contract.Recording One(string id, string state = "recording", int minute = 0) => new()
    {
        Id = id,
        Device = "/dev/video0",
        StableId = "046d:0825-A1B2-0",
        File = $"/recordings/{id}.mp4",
        State = state,
        Codec = "h264",
        Container = "mp4",
        Started = new DateTimeOffset(2026, 11, 24, 7, minute, 0, TimeSpan.Zero),
        Frames = new Contract.FrameCounts { Captured = 7, Written = 7 },
        Segments = [new Contract.RecordingSegment { Index = 1, File = $"/recordings/{id}.mp4" }],
    };
}
