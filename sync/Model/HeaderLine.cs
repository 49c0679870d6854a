namespace Sak.Sync.Model;

/// <summary>The first line of a CSV file, held against the columns that it may name, and what it says of the lines below it.</summary>
public static class HeaderLine
{
    private const int MostShown = 3;
    private const int MostLetters = 40;

    /// <summary>What is wrong with the first line, as the rest of a sentence that begins with it; null when nothing is.</summary>
    /// <param name="named">In small letters, without spaces around them.</param>
    public static string? Fault(IReadOnlyList<string> named, IReadOnlyList<string> known)
    {
        // A misspelled column is not a missing one: "costumer" would make one customer's price everybody's.
        var unknown = named.Except(known).ToList();
        if (unknown.Count > 0) return $"names {List(unknown)}, which no column is called; the columns are {string.Join(',', known)}";
        var doubled = named.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => g.Key).ToList();
        return doubled.Count > 0 ? $"names {List(doubled)} twice; leave one of the two" : null;
    }

    /// <summary>Fields up to the last that holds something: spreadsheets end all lines with the same number of commas.</summary>
    public static int Filled(IReadOnlyList<string> fields)
    {
        var count = fields.Count;
        while (count > 0 && string.IsNullOrWhiteSpace(fields[count - 1])) count--;
        return count;
    }

    /// <summary>How many fields a line has: all when they are more than the header's, otherwise up to the last that holds something.</summary>
    public static int Count(IReadOnlyList<string> fields, IReadOnlyList<string> header) => fields.Count > header.Count ? fields.Count : Filled(fields);

    /// <summary>What is wrong with a line of more fields than the header has; "1,145.00" without quotes is two.</summary>
    public static string? FieldsFault(int fields, int columns) =>
        fields > columns ? $"has {fields} fields, the header names {columns}; put a text with a comma into quotes, and write 1145.00 for 1,145.00" : null;

    private static string List(List<string> names) =>
        string.Join(", ", names.Take(MostShown).Select(n => $"\"{(n.Length > MostLetters ? n[..MostLetters] + "…" : n)}\"")) + (names.Count > MostShown ? $" and {names.Count - MostShown} more" : "");
}
