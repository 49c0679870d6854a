using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.Data.Sqlite;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Sync.Files;
using Sak.Sync.Model;

namespace Sak.Agent.Catalog;

/// <summary>
/// Reads a file of price rules into the replica. The file is the whole list: what is not in it ends. All or nothing.
/// </summary>
internal static class PriceRuleImport
{
    private const int MostFaultsShown = 20;

    /// <summary>Throws <see cref="ImportException"/> that lists what is wrong with the file, by line.</summary>
    public static Task<(int Begun, int Ended)> RunAsync(ReplicaDb db, TextReader text, string currency,
        TimeProvider clock, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                var names = new RuleNames(sku => Product(connection, sku),
                    name => Customers.Find(connection, name)?.Id);
                var file = RuleFile.Read(Lines(text), names, currency, clock.LocalTimeZone);
                if (file.Faults.Count == 0) return PriceRuleRows.Replace(connection, file.Rules, clock);
                var more = file.Faults.Count > MostFaultsShown
                    ? $"\n… and {file.Faults.Count - MostFaultsShown} more"
                    : "";
                throw new ImportException(
                    $"Nothing was changed; the file has {file.Faults.Count} "
                        + $"fault(s):\n{string.Join('\n', file.Faults.Take(MostFaultsShown))}{more}");
            },
            cancel);

    private static IEnumerable<RuleLine> Lines(TextReader text)
    {
        // It is the whole list: what a quote without an end swallows would end.
        BadDataFound refuse = bad =>
            throw new ImportException(
                $"Nothing was changed; line {bad.Context.Parser?.RawRow}: a quote stands where none may, or has no "
                    + $"end. Double it (\"\") inside quotes.");
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            MissingFieldFound = null, BadDataFound = refuse, TrimOptions = TrimOptions.Trim,
            PrepareHeaderForMatch = name => CsvHeader.Name(name.Header),
        });
        var header = new CsvHeader(csv.Read() && csv.ReadHeader() ? csv.HeaderRecord! : [], RuleFile.Columns);
        if (RuleFile.FaultOf(header) is { } fault) throw new ImportException(fault);
        while (csv.Read())
            yield return new RuleLine(csv.Parser.RawRow,
                name => csv.TryGetField<string>(name, out var value) ? value ?? "" : "",
                header.FaultOf(csv.Parser.Record!));
    }

    // One that is not for sale at the moment keeps its rules too.
    private static Product? Product(SqliteConnection connection, string sku) =>
        connection.List($"SELECT {Products.Columns} FROM products p WHERE p.sku = $sku ORDER BY p.active DESC LIMIT 1",
            Products.Read, ("$sku", sku)).FirstOrDefault();
}
