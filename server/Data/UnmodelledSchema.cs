namespace Sak.Server.Data;

/// <summary>
/// The parts of the schema that EF's model cannot express: triggers, row-level security, planner statistics. The
/// program never runs this text: each migration has its own copy in a file that does not change after its release. A
/// test compares the result of the migrations with this text, so a change here needs a new migration for each engine.
/// </summary>
internal static class UnmodelledSchema
{
    // With most-common values of shop_id, PostgreSQL's planner assumes that a shop created after the last ANALYZE has
    // no rows. Any index that begins with the shop then looks as good as the key, and it may read the whole shop for
    // each row: 20,000 rows that another program inserted for a new shop took 19 s at the commit, and take 0.8 s
    // without that statistic.
    private static readonly string[] SkewedByShop =
    [
        "products", "customers", "orders", "order_lines", "order_events", "stock_movements", "price_rules",
        "tombstones", "sync_batches", "replies",
    ];

    public static IEnumerable<string> Sqlite() => ForeignTriggers.Sqlite();

    public static IEnumerable<string> PostgreSql() =>
    [
        .. ForeignTriggers.PostgreSql(),
        .. ShopWall.Tables.Select(t => ShopWall.PostgreSql(t.Table, t.Column)),
        .. SkewedByShop.Select(table => $"ALTER TABLE {table} ALTER COLUMN shop_id SET STATISTICS 0"),
    ];

    public static IEnumerable<string> SqlServer() =>
        [.. ForeignTriggers.SqlServer(), ShopWall.SqlServerFunction, ShopWall.SqlServerPolicy()];
}
