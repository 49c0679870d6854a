using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// First contact of a PC that has a catalog of its own with a cloud that has one: the same SKU is the same product. The
/// cloud's stays; what was sold here of the PC's own is put under it and told again; a stock that was counted here
/// gives way to one that the cloud has. Later, a SKU that is taken is for the owner to sort out: it may be a slip.
/// </summary>
internal static class Adoption
{
    /// <summary>
    /// Inside the transaction that ends a first load. True when products were adopted: what the cloud refused for them
    /// is on its way again.
    /// </summary>
    public static bool Run(SqliteConnection connection, DateTimeOffset now)
    {
        // A batch that waits for its answer can't be changed any more; there is none when its answer was just taken.
        if (ChangeLog.IsBatchClosed(connection) || !Find(connection)) return false;
        ChangeLog.Forget(connection, Tables.StockMovements,
            Stock.DropCounts(connection, Mine(connection, "WHERE counted = 1")));
        PutUnder(connection, Tables.OrderLines);
        PutUnder(connection, Tables.StockMovements);
        var mine = Mine(connection);
        ChangeLog.Forget(connection, Tables.Products, mine);
        Products.Remove(connection, mine);
        Refusals.SettleGone(connection, Tables.Products, now);
        Refusals.SettleGone(connection, Tables.StockMovements, now);
        connection.Execute("DELETE FROM temp.adopted");
        ChangeLog.OfferParked(connection, now);
        return true;
    }

    private static bool Find(SqliteConnection connection)
    {
        connection.Execute(
            "CREATE TEMP TABLE IF NOT EXISTS adopted (mine TEXT PRIMARY KEY, theirs TEXT NOT NULL, counted INTEGER "
                + "NOT NULL) WITHOUT ROWID");
        return connection.Execute(
            """
            INSERT INTO temp.adopted SELECT mine.id, theirs.id, theirs.on_hand IS NOT NULL
            FROM products mine JOIN products theirs ON theirs.sku = mine.sku AND theirs.ver > 0 WHERE mine.ver = 0
            """) > 0;
    }

    private static List<string> Mine(SqliteConnection connection, string which = "") =>
        connection.List($"SELECT mine FROM temp.adopted {which}", row => row.GetString(0));

    // What the log has of these rows names a product that the cloud will never have: they are sent whole, as they are
    // now.
    private static void PutUnder(SqliteConnection connection, Table table)
    {
        const string OfMine = "product_id IN (SELECT mine FROM temp.adopted)";
        var rows = connection.List($"SELECT id FROM {table.Name} WHERE {OfMine}", row => row.GetString(0));
        connection.Execute(
            $"UPDATE {table.Name} SET product_id = (SELECT theirs FROM temp.adopted WHERE mine = product_id) "
                + $"WHERE {OfMine}");
        ChangeLog.SendWholeInstead(connection, table, rows);
    }
}
