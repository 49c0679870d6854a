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

    public static TableSums ByBucket(SqliteConnection connection, Table table)
    {
        var sums = new long[RowHash.Buckets];
        foreach (var (id, ver) in Versions(connection, table)) sums[RowHash.Bucket(id)] ^= RowHash.Of(id, ver);
        return new TableSums(table.Name, sums);
    }

    private static IEnumerable<(string Id, long Ver)> Versions(SqliteConnection connection, Table table)
    {
        using var command = connection.Command($"SELECT id, ver FROM {table.Name} WHERE ver > 0");
        using var rows = command.ExecuteReader();
        while (rows.Read()) yield return (rows.GetString(0), rows.GetInt64(1));
    }
}
