namespace ThatDam.Contract;

/// <summary>What a check of the audit log found.</summary>
/// <param name="Path">The newest file.</param>
/// <param name="Files">How many files the chain spans.</param>
/// <param name="Lines">Lines read.</param>
/// <param name="Whole">Whether no line was removed, changed or reordered.</param>
/// <param name="File">The file where the first fault lies.</param>
/// <param name="Line">Its line there, from 1.</param>
/// <param name="Fault">What is wrong there.</param>
public sealed record AuditReport(string Path, int Files, long Lines, bool Whole, string? File, long? Line, string? Fault);
