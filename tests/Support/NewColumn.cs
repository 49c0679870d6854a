using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;

namespace Sak.Tests.Support;

/// <summary>The synced tables as the next release may declare them: products have one column more.</summary>
internal static class NewColumn
{
    public static readonly Table Products = new(Tables.Products.Name, Tables.Products.Direction,
        [.. Tables.Products.Columns, new Column("brand", ColumnKind.Text, Since: Tables.SchemaVersion + 1)]);

    public static readonly IReadOnlyList<Table> All =
        [.. Tables.All.Select(t => t == Tables.Products ? Products : t)];

    public static readonly int Brand = Products.IndexOf("brand");

    /// <summary>What opening the file does in the next release, with its one line of an upgrade.</summary>
    public static void Upgrade(SqliteConnection connection)
    {
        connection.Execute(CaptureTriggers.Drop(All));
        connection.Execute("ALTER TABLE products ADD COLUMN brand TEXT NOT NULL DEFAULT ''");
        connection.Execute(CaptureTriggers.Create(All));
    }
}
