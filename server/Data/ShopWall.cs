using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sak.Server.Data;

/// <summary>
/// The second wall between shops, under the first (every query names its shop): the database itself shows a connection
/// one shop's rows. Each connection is told at its opening whose they are, or a transaction in its first command, so
/// nothing that a pool gives back can leak; see <see cref="ShopConnection.Enter"/>. A connection that was never told,
/// an ERP's or a person's, sees and writes all shops.
/// </summary>
internal sealed class ShopWall : DbConnectionInterceptor
{
    public static readonly ShopWall Instance = new();

    /// <summary>
    /// The tables behind the wall, and which column says whose a row is. Keys are not among them: they say which shop
    /// it is.
    /// </summary>
    public static readonly IReadOnlyList<(string Table, string Column)> Tables =
    [
        ("products", "shop_id"), ("customers", "shop_id"), ("orders", "shop_id"), ("order_lines", "shop_id"),
        ("order_events", "shop_id"), ("stock_movements", "shop_id"), ("price_rules", "shop_id"),
        ("tombstones", "shop_id"), ("sync_batches", "shop_id"), ("shop_versions", "shop_id"),
        ("number_leases", "shop_id"), ("replies", "shop_id"), ("model_use", "shop_id"), ("shops", "id"),
    ];

    /// <summary>Puts a table behind the wall; its owner too.</summary>
    public static string PostgreSql(string table, string column)
    {
        // In a subquery the setting is read once a statement, not once a row.
        const string Told = "(SELECT nullif(current_setting('sak.shop', true), '')::uuid)";
        return $"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY sak_shop ON {table} USING (
              {column} = {Told}
              OR {Told} IS NULL)
            """;
    }

    /// <summary>What tells a row of the shop that the connection was told of.</summary>
    public const string SqlServerFunction = """
        CREATE FUNCTION dbo.sak_of_shop (@shop uniqueidentifier) RETURNS TABLE WITH SCHEMABINDING AS
        RETURN SELECT 1 AS visible WHERE SESSION_CONTEXT(N'sak.shop') IS NULL
          OR CONVERT(uniqueidentifier, SESSION_CONTEXT(N'sak.shop')) = @shop
        """;

    /// <summary>
    /// Tells a connection whose rows it shows, null for all; a server without the wall may not know what a session's
    /// context is either. It also takes back the isolation level that the last user of the pooled connection left:
    /// resetting does not, and under SNAPSHOT a plain UPDATE fails where it should wait. That is why the shop stands in
    /// the text: with a parameter the statement runs inside sp_executesql, which puts the level back when it ends.
    /// </summary>
    public static string SqlServerTell(Guid? shop) =>
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; IF OBJECT_ID(N'dbo.sak_wall') IS NOT NULL "
        + $"EXEC sp_set_session_context @key = N'sak.shop', @value = {(shop is { } id ? $"N'{id:D}'" : "NULL")}";

    public const string SqlServerStands =
        "SELECT CASE WHEN OBJECT_ID(N'dbo.sak_wall') IS NULL THEN 0 ELSE 1 END AS [Value]";

    /// <summary>The policy over the tables: what a shop does not see it cannot write either.</summary>
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
            // EF would leave it open, and the next query would see whatever the pool's last user was told.
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
