namespace Sak.Server.Data;

/// <summary>
/// The parts of the schema that EF's model cannot express: triggers, row-level security, planner statistics. The
/// program never runs this text: each migration has its own copy in a file that does not change after its release. A
/// test compares what the migrations make with this text, so a change here demands a new migration for each engine.
/// </summary>
internal static class UnmodelledSchema
{
    // With a list of shops PostgreSQL's planner believes that a shop which came after the last ANALYZE has no rows, so
    // that any index that begins with the shop is as good as the key, and it may read a whole shop for each row: 20,000
    // rows that another program inserted for a new shop took 19 s at the commit, and take 0.8 s without the list.
    private static readonly string[] ManyRowsAShop =
    [
        "products", "customers", "orders", "order_lines", "order_events", "stock_movements", "price_rules",
        "tombstones", "sync_batches", "replies",
    ];

    public static IEnumerable<string> Sqlite() => ForeignTriggers.Sqlite();

    public static IEnumerable<string> PostgreSql() =>
    [
        .. ForeignTriggers.PostgreSql(),
        .. ShopWall.Tables.Select(t => ShopWall.PostgreSql(t.Table, t.Column)),
        .. ManyRowsAShop.Select(table => $"ALTER TABLE {table} ALTER COLUMN shop_id SET STATISTICS 0"),
    ];

    public static IEnumerable<string> SqlServer() =>
        [.. ForeignTriggers.SqlServer(), ShopWall.SqlServerFunction, ShopWall.SqlServerPolicy()];
}
