namespace ThatDam.Agent.Ffmpeg;

/// <summary>What is in the file.</summary>
public enum VideoCodec
{
    /// <summary>The camera's own compression, untouched.</summary>
    Copy,
    H264,
    Hevc,
    Mjpeg,

    /// <summary>Lossless; each picture stands alone.</summary>
    Ffv1,
}

/// <summary>The file around it.</summary>
public enum ContainerFormat
{
    /// <summary>Fragmented MP4.</summary>
    Mp4,

    /// <summary>Matroska.</summary>
    Mkv,
}

/// <summary>What a recording is made of.</summary>
/// <param name="Codec">What is in the file.</param>
/// <param name="Container">The file around it.</param>
public sealed record FormatChoice(VideoCodec Codec, ContainerFormat Container);
