using Microsoft.Data.Sqlite;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Sync.Files;
using Sak.Sync.Linked;
using Sak.Sync.Model;

namespace Sak.Agent.Catalog;

/// <summary>
/// Reads a file of price rules into the replica. The file is the whole list: what is not in it ends. All or nothing.
/// </summary>
internal static class PriceRuleImport
{
    private const int MostFaultsShown = 20;

    /// <summary>Throws <see cref="ImportException"/> that lists what is wrong with the file, by line.</summary>
    public static async Task<(int Begun, int Ended)> RunAsync(ReplicaDb db, TextReader text, string currency,
        TimeProvider clock, CancellationToken cancel)
    {
        var table = await PriceRuleFile.SplitAsync(CsvSplitter.SplitAsync(text, cancel));
        return await db.WriteAsync(
            connection =>
            {
                var names = new RuleNames(sku => Product(connection, sku),
                    name => Customers.Find(connection, name)?.Id);
                var file = PriceRuleFile.Read(table, names, currency, clock.LocalTimeZone);
                return file.Faults.Count == 0
                    ? PriceRuleRows.Replace(connection, file.Rules, clock)
                    : throw new ImportException(
                        $"Nothing was changed; {file.Faults}:\n{file.Faults.List(MostFaultsShown)}");
            },
            cancel);
    }

    // A product that is not for sale at the moment keeps its rules too.
    private static Product? Product(SqliteConnection connection, string sku) =>
        Products.Find(connection, "WHERE p.sku = $sku ORDER BY p.active DESC LIMIT 1", Products.Read, ("$sku", sku))
            .FirstOrDefault();
}
