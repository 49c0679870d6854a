using Microsoft.Data.Sqlite;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Sync;

/// <summary>Inserts or updates rows of one table with one prepared statement.</summary>
internal sealed class RowWriter : IDisposable
{
    private readonly SqliteCommand _upsert;

    public RowWriter(SqliteConnection connection, WireColumns columns)
    {
        var table = columns.Table!;
        var names = columns.Known.Select(c => table.Columns[c].Name).Append("ver").ToList();
        _upsert = connection.CreateCommand();
        _upsert.CommandText =
            $"""
            INSERT INTO {table.Name} ({string.Join(", ", names)})
            VALUES ({string.Join(", ", names.Select(n => $"${n}"))})
            ON CONFLICT (id) DO UPDATE SET {string.Join(", ", names.Skip(1).Select(n => $"{n} = excluded.{n}"))}
            """;
        foreach (var name in names) _upsert.Parameters.Add(new SqliteParameter($"${name}", null));
    }

    public void Write(AnswerLine.Row row)
    {
        for (var i = 0; i < row.Values.Count; i++)
            _upsert.Parameters[i].Value = row.Values[i] ?? DBNull.Value;
        _upsert.Parameters[row.Values.Count].Value = row.Version;
        _upsert.ExecuteNonQuery();
    }

    public void Dispose() => _upsert.Dispose();
}
