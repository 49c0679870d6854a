using Microsoft.Data.Sqlite;
using Sak.Agent.Database;

namespace Sak.Agent.Sync;

/// <summary>What other rooms ask about the replica and its log. Reads only.</summary>
internal static class SyncQuery
{
    private const int Shown = 500;

    /// <summary>The cloud's version of the catalog that this PC has; an order records it with its prices.</summary>
    public static long PriceVersion(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT since FROM replica");

    /// <summary>
    /// True while products or prices of this PC wait for the cloud: a reply of the cloud would not have them, or would
    /// offer old ones.
    /// </summary>
    public static bool CatalogIsAhead(SqliteConnection connection) =>
        connection.Scalar<long>(
            "SELECT EXISTS (SELECT 1 FROM change_log WHERE tbl IN ('products', 'price_rules'))") == 1;

    /// <summary>Rows that the cloud refused or found in conflict, the newest first, two lines each.</summary>
    public static List<string> Refusals(SqliteConnection connection) =>
        connection.List(
            "SELECT datetime(at / 1000, 'unixepoch'), kind, settled_at IS NOT NULL, tbl, id, "
                + "coalesce(column_name, ''), reason, coalesce(body, '') FROM refusals ORDER BY at DESC LIMIT $most",
            r => $"{r.GetString(0)}  {r.GetString(1)}{(r.GetBoolean(2) ? " (settled)" : "")}  {r.GetString(3)} "
                + $"{r.GetString(4)} {r.GetString(5)}\n    {r.GetString(6)}\n    sent: {r.GetString(7)}",
            ("$most", Shown));

    /// <summary>The refusals that nobody has settled yet, a line each.</summary>
    public static List<string> OpenRefusals(SqliteConnection connection) =>
        connection.List(
            "SELECT kind, tbl, id, coalesce(column_name, ''), reason FROM refusals WHERE settled_at IS NULL "
                + "ORDER BY at",
            r => $"{r.GetString(0)}  {r.GetString(1)} {r.GetString(2)} {r.GetString(3)}  {r.GetString(4)}");
}
