namespace Sak.Sync.Files;

/// <summary>One line of a CSV file, counted from 1 and split into its cells.</summary>
/// <param name="Fault">Why the file can't be split from here on; null when it can.</param>
public sealed record CsvLine(int Number, IReadOnlyList<string> Cells, string? Fault = null);
