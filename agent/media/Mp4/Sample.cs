namespace ThatDam.Media.Mp4;

/// <summary>A sample of a track: for video, a frame.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Duration">To the next one's decoding, in units of the track's timescale.</param>
/// <param name="Offset">From its decoding to its presentation, in the same units.</param>
/// <param name="IsSync">Whether decoding can begin with it.</param>
internal readonly record struct Sample(uint Size, uint Duration, int Offset, bool IsSync);
