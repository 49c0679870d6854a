namespace Sak.Sync.Files;

/// <summary>A line under the header, its cells found by the column's name.</summary>
/// <param name="Fault">What is wrong with its form; then its cells mean nothing.</param>
public sealed record CsvRow(int Number, IReadOnlyList<string> Columns, IReadOnlyList<string> Cells, string? Fault)
{
    /// <summary>The trimmed text; empty when the file has no such column or the line ends before it.</summary>
    public string Cell(string column)
    {
        for (var i = 0; i < Columns.Count && i < Cells.Count; i++)
            if (Columns[i] == column) return Cells[i];
        return "";
    }
}

/// <summary>A CSV file of named columns.</summary>
/// <param name="Fault">Why the file as a whole can't be read; then it has no rows.</param>
public sealed record CsvTable(IReadOnlyList<CsvRow> Rows, string? Fault)
{
    public static async Task<CsvTable> ReadAsync(IAsyncEnumerable<CsvLine> lines, IReadOnlyList<string> required,
        IReadOnlyList<string> optional)
    {
        CsvHeader? header = null;
        var rows = new List<CsvRow>();
        await foreach (var line in lines)
        {
            var fault = line.Fault;
            if (fault is null && header is null) fault = (header = new(line.Cells, required, optional)).Fault;
            else if (fault is null) rows.Add(header!.Row(line));
            if (fault is not null) return new CsvTable([], $"line {line.Number}: {fault}");
        }

        return header is not null
            ? new CsvTable(rows, null)
            : new CsvTable([], $"line 1: the file is empty; {CsvHeader.Naming(required, optional)}");
    }
}
