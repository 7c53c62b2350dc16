namespace ThatDam.Contract;

/// <summary>What became of a file that was repaired.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="WasFinal">It was final already, and nothing was done.</param>
/// <param name="Frames">Frames of video in it.</param>
/// <param name="DurationS">How long it plays, seconds; null when it was final already.</param>
/// <param name="Bytes">How long it is now, bytes.</param>
/// <param name="UnplayedBytes">Bytes behind the last whole fragment: one that is torn, or what its writer ended the file with. They stay, and do not play.</param>
/// <param name="Damage">Where and how it is damaged; what follows there is still in the file, and does not play. Null: nothing is.</param>
public sealed record RepairedFile(string File, bool WasFinal, long Frames, double? DurationS, long Bytes, long UnplayedBytes, string? Damage);
