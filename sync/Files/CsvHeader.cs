namespace Sak.Sync.Files;

/// <summary>
/// The first line of a CSV file: it names the columns, and the lines below it are read by it.
/// </summary>
public sealed class CsvHeader
{
    private const int MostShown = 3;
    private const int MostLetters = 40;
    private readonly int _cells;

    public CsvHeader(IReadOnlyList<string> header, IReadOnlyList<string> required, IReadOnlyList<string> optional)
    {
        _cells = header.Count;
        Columns = [.. header.Take(Filled(header)).Select(Name)];
        Fault = FindFault(Columns, required, optional);
    }

    /// <summary>The columns that it names, in their order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What is wrong with it, as the rest of a sentence that begins with it; null when nothing is.</summary>
    public string? Fault { get; }

    /// <summary>What the first line must be, for the end of a sentence.</summary>
    public static string Naming(IReadOnlyList<string> required, IReadOnlyList<string> optional) =>
        $"the first line names {string.Join(',', required)}"
            + (optional.Count > 0 ? $" and, where wanted, {string.Join(',', optional)}" : "");

    /// <summary>What is wrong with a text that is to be one line for a screen; null when nothing is.</summary>
    public static string? TextFault(string column, string text) =>
        text.Any(char.IsControl) ? $"{column} holds a control character or a line break" : null;

    /// <summary>A line below the header.</summary>
    public CsvRow Row(CsvLine line)
    {
        var cells = line.Cells.Take(Columns.Count).Select(cell => cell.Trim()).ToArray();
        var fault = WidthFault(line.Cells)
            ?? Columns.Zip(cells, TextFault).FirstOrDefault(found => found is not null);
        return new CsvRow(line.Number, Columns, cells, fault);
    }

    // "1,145.00" without quotes is two cells.
    private string? WidthFault(IReadOnlyList<string> line)
    {
        var cells = line.Count > _cells ? line.Count : Filled(line);
        return cells > Columns.Count
            ? $"has {cells} cells, the header names {Columns.Count}; put a text with a comma into quotes, and write "
                + $"1145.00 for 1,145.00"
            : null;
    }

    private static string Name(string header) => header.Trim('\uFEFF', ' ').ToLowerInvariant();

    // A misspelled column is not a missing one: "costumer" would make one customer's price everybody's.
    private static string? FindFault(IReadOnlyList<string> named, IReadOnlyList<string> required,
        IReadOnlyList<string> optional)
    {
        var unknown = named.Except(required).Except(optional).ToList();
        if (unknown.Count > 0)
            return $"names {List(unknown)}, which no column is called; {Naming(required, optional)}";
        var doubled = named.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        if (doubled.Count > 0) return $"names {List(doubled)} twice; leave one of the two";
        var missing = required.Except(named).ToList();
        return missing.Count > 0
            ? $"lacks the column {string.Join(", ", missing)}; {Naming(required, optional)}"
            : null;
    }

    // Up to the last that holds something: spreadsheets end all lines with the same number of commas.
    private static int Filled(IReadOnlyList<string> cells)
    {
        var count = cells.Count;
        while (count > 0 && string.IsNullOrWhiteSpace(cells[count - 1])) count--;
        return count;
    }

    private static string List(List<string> names) =>
        string.Join(", ",
            names.Take(MostShown).Select(n => $"\"{(n.Length > MostLetters ? n[..MostLetters] + "…" : n)}\""))
            + (names.Count > MostShown ? $" and {names.Count - MostShown} more" : "");
}
