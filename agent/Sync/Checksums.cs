using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// Sums over the ids and versions of a table, to be compared with the cloud's. Rows that the cloud has never had
/// (version 0: refused ones) do not count.
/// </summary>
internal static class Checksums
{
    public static TableChecksum Of(SqliteConnection connection, Table table)
    {
        long count = 0, xor = 0;
        foreach (var (id, ver) in Versions(connection, table))
        {
            count++;
            xor ^= RowHash.Of(id, ver);
        }

        return new TableChecksum(table.Name, count, xor);
    }

    public static List<TableSums> ByBucket(SqliteConnection connection)
    {
        var schema = connection.Scalar<int>("SELECT schema FROM replica");
        return [.. Tables.All.Select(t => ByBucket(connection, t, t.Columns.Any(c => c.Since > schema)))];
    }

    // The sums are made of versions, which do not show that a row lacks the values of a column that is new here: of
    // such a table the opposite of each sum is sent, so that the cloud's differs and all rows come.
    private static TableSums ByBucket(SqliteConnection connection, Table table, bool hasNewColumn)
    {
        var sums = new long[RowHash.Buckets];
        foreach (var (id, ver) in Versions(connection, table)) sums[RowHash.Bucket(id)] ^= RowHash.Of(id, ver);
        return new TableSums(table.Name, hasNewColumn ? [.. sums.Select(sum => ~sum)] : sums);
    }

    private static IEnumerable<(string Id, long Ver)> Versions(SqliteConnection connection, Table table)
    {
        using var command = connection.Command($"SELECT id, ver FROM {table.Name} WHERE ver > 0");
        using var rows = command.ExecuteReader();
        while (rows.Read()) yield return (rows.GetString(0), rows.GetInt64(1));
    }
}
