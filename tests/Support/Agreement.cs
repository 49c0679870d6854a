using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Server.Data;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tests.Support;

/// <summary>Compares cloud and replicas row by row, at rest.</summary>
public static class Agreement
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Fails unless the replica's file has exactly the shop's rows of the cloud: every value, every version.
    /// </summary>
    public static async Task HoldsAsync(SakDb cloud, Guid shop, string file)
    {
        var (theirs, mine) = (await CloudAsync(cloud, shop), Replica(file));
        Assert.Equal(theirs.Keys.Order(), mine.Keys.Order());
        foreach (var (key, row) in theirs) Assert.Equal(row, mine[key]);
    }

    private static async Task<Dictionary<string, string>> CloudAsync(SakDb cloud, Guid shop)
    {
        using var answer = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, Guid.Empty, 0, false, null, 0);
        await new PullChanges(cloud.Connection).WriteAsync(new AnswerWriter(answer), shop, head,
            WireTable.Of(Tables.SchemaVersion), null, Cancel);
        answer.Position = 0;
        var rows = new Dictionary<string, string>();
        await foreach (var line in SyncWire.ReadAnswerAsync(answer, Cancel))
            if (line is AnswerLine.Row row)
                rows.Add($"{row.Table.Name} {row.Values[0]}", Show(row.Values, row.Version));
        return rows;
    }

    private static Dictionary<string, string> Replica(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        var rows = new Dictionary<string, string>();
        foreach (var table in Tables.All)
        {
            var width = table.Columns.Count;
            foreach (var (id, row) in connection.List(
                $"SELECT {string.Join(", ", table.Columns.Select(c => c.Name))}, ver FROM {table.Name}",
                r => (r.GetString(0),
                    Show(Enumerable.Range(0, width).Select(i => r.IsDBNull(i) ? null : r.GetValue(i)),
                        r.GetInt64(width)))))
                rows.Add($"{table.Name} {id}", row);
        }

        return rows;
    }

    private static string Show(IEnumerable<object?> values, long version) =>
        $"{string.Join(" | ", values.Select(v => v ?? "(nothing)"))} @{version}";
}
