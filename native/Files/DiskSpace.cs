namespace ThatDam.Native.Files;

/// <summary>The room on a file system.</summary>
/// <param name="FreeBytes">What this program may still write: without the blocks kept for root (f_bavail).</param>
/// <param name="TotalBytes">Its size (f_blocks).</param>
public readonly record struct DiskSpace(long FreeBytes, long TotalBytes);
