using Microsoft.Data.Sqlite;
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
    private const string Mine = "SELECT mine FROM temp.adopted";

    /// <summary>
    /// Inside the transaction that ends a first load. True when products were adopted: what the cloud refused for them
    /// is on its way again.
    /// </summary>
    public static bool Run(SqliteConnection connection, DateTimeOffset now)
    {
        if (!Find(connection)) return false;
        DropCounts(connection);
        PutUnder(connection, Tables.OrderLines);
        PutUnder(connection, Tables.StockMovements);
        connection.Execute(
            $"DELETE FROM change_log WHERE tbl = 'products' AND id IN ({Mine}); DELETE FROM products WHERE id IN "
                + $"({Mine})");
        connection.Execute(
            """
            UPDATE refusals SET settled_at = $now WHERE settled_at IS NULL AND
              ((tbl = 'products' AND id NOT IN (SELECT id FROM products))
                OR (tbl = 'stock_movements' AND id NOT IN (SELECT id FROM stock_movements)))
            """,
            ("$now", now));
        connection.Execute("DELETE FROM temp.adopted");
        ChangeLog.OfferParked(connection, now);
        return true;
    }

    private static bool Find(SqliteConnection connection)
    {
        // A batch that waits for its answer can't be changed any more; there is none when its answer was just taken.
        if (connection.Scalar<long>("SELECT count(*) FROM push_batch") > 0) return false;
        connection.Execute(
            "CREATE TEMP TABLE IF NOT EXISTS adopted (mine TEXT PRIMARY KEY, theirs TEXT NOT NULL, counted INTEGER "
                + "NOT NULL) WITHOUT ROWID");
        return connection.Execute(
            """
            INSERT INTO temp.adopted SELECT mine.id, theirs.id, theirs.on_hand IS NOT NULL
            FROM products mine JOIN products theirs ON theirs.sku = mine.sku AND theirs.ver > 0 WHERE mine.ver = 0
            """) > 0;
    }

    private static void DropCounts(SqliteConnection connection)
    {
        const string Counts =
            "SELECT id FROM stock_movements WHERE ver = 0 AND reason = 'counted' AND product_id IN (SELECT mine FROM "
                + "temp.adopted WHERE counted = 1)";
        connection.Execute($"DELETE FROM change_log WHERE tbl = 'stock_movements' AND id IN ({Counts})");
        connection.Execute($"DELETE FROM stock_movements WHERE id IN ({Counts})");
    }

    // What the log has of these rows names a product that the cloud will never have: they are told whole, as they stand
    // now.
    private static void PutUnder(SqliteConnection connection, Table table)
    {
        var rows = connection.List($"SELECT id FROM {table.Name} WHERE product_id IN ({Mine})", r => r.GetString(0));
        connection.Execute(
            $"UPDATE {table.Name} SET product_id = (SELECT theirs FROM temp.adopted WHERE mine = product_id) WHERE "
                + $"product_id IN ({Mine})");
        foreach (var id in rows)
        {
            connection.Execute("DELETE FROM change_log WHERE tbl = $table AND id = $id", ("$table", table.Name),
                ("$id", id));
            ChangeLog.TellWhole(connection, table, id);
        }
    }
}
