namespace Sak.Sync.Files;

/// <summary>A catalog file, read the same on the PC and in the cloud: all of it is taken, or nothing.</summary>
public sealed record CatalogFile(IReadOnlyList<CatalogRow> Rows, FileFaults Faults)
{
    public static async Task<CatalogFile> ReadAsync(IAsyncEnumerable<CsvLine> lines, string currency)
    {
        var table = await CsvTable.ReadAsync(lines, CatalogRow.Required, CatalogRow.Optional);
        var file = new CatalogFile(new List<CatalogRow>(table.Rows.Count), new FileFaults());
        if (table.Fault is { } whole) file.Faults.Add(whole);
        var lineOf = new Dictionary<string, int>();
        foreach (var line in table.Rows) file.Read(line, currency, lineOf);
        return file;
    }

    private void Read(CsvRow line, string currency, Dictionary<string, int> lineOf)
    {
        List<string> found = line.Fault is { } form ? [form] : [];
        var row = line.Fault is null ? CatalogRow.Read(line.Cell, currency, found) : null;
        if (row is not null && !lineOf.TryAdd(row.Sku, line.Number))
            found.Add($"sku {row.Sku} is on line {lineOf[row.Sku]} too");
        foreach (var fault in found) Faults.Add(line.Number, fault);
        if (row is not null && found.Count == 0) ((List<CatalogRow>)Rows).Add(row);
    }
}
