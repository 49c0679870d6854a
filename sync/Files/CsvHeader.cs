namespace Sak.Sync.Files;

/// <summary>
/// The first line of a CSV file, held against the columns that it may name, and what it says of the lines below it.
/// </summary>
public sealed class CsvHeader
{
    private const int MostShown = 3;
    private const int MostLetters = 40;
    private readonly int _fields;

    /// <param name="header">As it stands in the file; nothing when there is none.</param>
    public CsvHeader(IReadOnlyList<string> header, IReadOnlyList<string> known)
    {
        _fields = header.Count;
        Columns = [.. header.Take(Filled(header)).Select(Name)];
        Fault = FindFault(Columns, known);
    }

    /// <summary>The columns that it names, in their order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What is wrong with it, as the rest of a sentence that begins with it; null when nothing is.</summary>
    public string? Fault { get; }

    /// <summary>The column that a name of the header means.</summary>
    public static string Name(string header) => header.Trim('\uFEFF', ' ').ToLowerInvariant();

    /// <summary>
    /// What is wrong with a line of more fields than the header names; "1,145.00" without quotes is two.
    /// </summary>
    public string? FaultOf(IReadOnlyList<string> line)
    {
        var fields = line.Count > _fields ? line.Count : Filled(line);
        return fields > Columns.Count
            ? $"has {fields} fields, the header names {Columns.Count}; put a text with a comma into quotes, and write "
                + $"1145.00 for 1,145.00"
            : null;
    }

    // A misspelled column is not a missing one: "costumer" would make one customer's price everybody's.
    private static string? FindFault(IReadOnlyList<string> named, IReadOnlyList<string> known)
    {
        var unknown = named.Except(known).ToList();
        if (unknown.Count > 0)
            return $"names {List(unknown)}, which no column is called; the columns are {string.Join(',', known)}";
        var doubled = named.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        return doubled.Count > 0 ? $"names {List(doubled)} twice; leave one of the two" : null;
    }

    // Up to the last that holds something: spreadsheets end all lines with the same number of commas.
    private static int Filled(IReadOnlyList<string> fields)
    {
        var count = fields.Count;
        while (count > 0 && string.IsNullOrWhiteSpace(fields[count - 1])) count--;
        return count;
    }

    private static string List(List<string> names) =>
        string.Join(", ",
            names.Take(MostShown).Select(n => $"\"{(n.Length > MostLetters ? n[..MostLetters] + "…" : n)}\""))
            + (names.Count > MostShown ? $" and {names.Count - MostShown} more" : "");
}
