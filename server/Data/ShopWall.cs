using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sak.Server.Data;

/// <summary>
/// The second wall between shops, below the first (every query names its shop): row-level security, so that the
/// database shows a connection only one shop's rows. Each connection is told its shop when it opens, or a transaction
/// in its first command, so a pooled connection can't leak rows; see <see cref="ShopConnection.Enter"/>. A connection
/// of another program, an ERP's or a person's, sees and writes all shops.
/// </summary>
internal sealed class ShopWall : DbConnectionInterceptor
{
    public static readonly ShopWall Instance = new();

    /// <summary>
    /// The protected tables, each with the column that holds the shop. Keys are not among them: they
    /// determine the shop.
    /// </summary>
    public static readonly IReadOnlyList<(string Table, string Column)> Tables =
    [
        ("products", "shop_id"), ("customers", "shop_id"), ("orders", "shop_id"), ("order_lines", "shop_id"),
        ("order_events", "shop_id"), ("stock_movements", "shop_id"), ("price_rules", "shop_id"),
        ("tombstones", "shop_id"), ("sync_batches", "shop_id"), ("shop_versions", "shop_id"),
        ("number_leases", "shop_id"), ("replies", "shop_id"), ("model_use", "shop_id"), ("shops", "id"),
    ];

    /// <summary>Enables row-level security on a table, for its owner too.</summary>
    public static string PostgreSql(string table, string column)
    {
        // In a subquery the setting is read once for a statement instead of once for a row.
        const string Told = "(SELECT nullif(current_setting('sak.shop', true), '')::uuid)";
        return $"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY sak_shop ON {table} USING (
              {column} = {Told}
              OR {Told} IS NULL)
            """;
    }

    /// <summary>The predicate: true for rows of the connection's shop.</summary>
    public const string SqlServerFunction = """
        CREATE FUNCTION dbo.sak_of_shop (@shop uniqueidentifier) RETURNS TABLE WITH SCHEMABINDING AS
        RETURN SELECT 1 AS visible WHERE SESSION_CONTEXT(N'sak.shop') IS NULL
          OR CONVERT(uniqueidentifier, SESSION_CONTEXT(N'sak.shop')) = @shop
        """;

    /// <summary>
    /// Sets whose rows a connection shows, null for all; works on a server that does not know SESSION_CONTEXT too. It
    /// also resets the isolation level that the last user of the pooled connection left: a pool's reset does not, and
    /// under SNAPSHOT a plain UPDATE fails where it should wait. For that reason the shop is part of the text: with a
    /// parameter the statement would run inside sp_executesql, which restores the level when it ends.
    /// </summary>
    public static string SqlServerEnter(Guid? shop) =>
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; IF OBJECT_ID(N'dbo.sak_wall') IS NOT NULL "
        + $"EXEC sp_set_session_context @key = N'sak.shop', @value = {(shop is { } id ? $"N'{id:D}'" : "NULL")}";

    public const string SqlServerExists =
        "SELECT CASE WHEN OBJECT_ID(N'dbo.sak_wall') IS NULL THEN 0 ELSE 1 END AS [Value]";

    /// <summary>The security policy of all tables; it filters reads and blocks writes.</summary>
    public static string SqlServerPolicy() =>
        "CREATE SECURITY POLICY dbo.sak_wall\n" + string.Join(",\n", Tables.Select(t => $"""
          ADD FILTER PREDICATE dbo.sak_of_shop({t.Column}) ON dbo.{t.Table},
          ADD BLOCK PREDICATE dbo.sak_of_shop({t.Column}) ON dbo.{t.Table} AFTER INSERT,
          ADD BLOCK PREDICATE dbo.sak_of_shop({t.Column}) ON dbo.{t.Table} AFTER UPDATE
        """));

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData data,
        CancellationToken cancel = default)
    {
        await using var tell = Tell(connection, data);
        try
        {
            if (tell is not null) await tell.ExecuteNonQueryAsync(cancel);
        }
        catch
        {
            // EF would leave the connection open, and the next query would see the rows of its previous user.
            await connection.CloseAsync();
            throw;
        }
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData data)
    {
        using var tell = Tell(connection, data);
        try
        {
            tell?.ExecuteNonQuery();
        }
        catch
        {
            connection.Close();
            throw;
        }
    }

    private static DbCommand? Tell(DbConnection opened, ConnectionEndEventData data) =>
        (data.Context as SakDb)?.Connection.Tell(opened);
}
