using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sak.Server.Data;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Server.Sync;

/// <summary>
/// Reads synced rows from the database straight into an answer; holds one row at a time. Every statement is by shop.
/// </summary>
public sealed class RowFeed(ShopConnection db, Guid shop)
{
    private static readonly string ChildrenFirst = string.Concat(
        Tables.All.Select((t, i) => $"WHEN '{t.Name}' THEN {Tables.All.Count - i} "));

    /// <summary>
    /// Adds to the command the question for all rows and deletions above a version, one statement a table. With
    /// <paramref name="without"/>, rows that this replica wrote itself are left out. The command names the shop.
    /// </summary>
    public void AskNews(DbCommand command, IReadOnlyList<WireTable> tables, long since, Guid? without)
    {
        ShopConnection.Add(command, "@since", since);
        if (without is { } replica) ShopConnection.Add(command, "@origin", db.IdValue(replica));
        var isNew = "shop_id = @shop AND ver > @since"
            + (without is null ? "" : " AND (origin IS NULL OR origin <> @origin)");
        var rows = tables.Select(t => $"{Select(t)} WHERE {isNew} ORDER BY ver");
        // The database sorts children before parents: a cleared catalog has as many deletions as it had rows.
        var deletions = $"SELECT table_name, id, ver FROM tombstones WHERE {isNew} "
            + $"ORDER BY CASE table_name {ChildrenFirst}END";
        command.CommandText += $"; {string.Join("; ", rows)}; {deletions}";
    }

    /// <summary>Writes what <see cref="AskNews"/> asked for: rows, then deletions. Returns how many it was.</summary>
    public static async Task<long> WriteNewsAsync(AnswerWriter to, IReadOnlyList<WireTable> tables, DbDataReader reader,
        CancellationToken cancel)
    {
        var rows = 0L;
        foreach (var table in tables)
        {
            rows += (await WriteRowsAsync(to, table, reader, cancel)).Count;
            await reader.NextResultAsync(cancel);
        }

        while (await reader.ReadAsync(cancel))
        {
            var name = reader.GetString(0);
            if (tables.FirstOrDefault(t => t.Table.Name == name) is not { } table) continue;
            await to.WriteAsync(new AnswerLine.Gone(table.Table, ReadId(reader, 1), reader.GetInt64(2)), cancel);
            rows++;
        }

        return rows;
    }

    /// <summary>All rows and deletions, whatever the replica has seen.</summary>
    public async Task<long> EverythingAsync(AnswerWriter to, IReadOnlyList<WireTable> tables, CancellationToken cancel)
    {
        await using var command = Command("SELECT 1");
        AskNews(command, tables, 0, null);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        return await WriteNewsAsync(to, tables, reader, cancel);
    }

    /// <summary>
    /// All rows after an id, in the order of ids, with a page mark after each <see cref="Protocol.PageRows"/>.
    /// </summary>
    public async Task<long> PagesAsync(AnswerWriter to, WireTable of, string after, long version,
        CancellationToken cancel)
    {
        await using var command = Command($"{Select(of)} WHERE {After(after)} ORDER BY id");
        AddAfter(command, after);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancel);
        for (var rows = 0L; ;)
        {
            var (count, last) = await WriteRowsAsync(to, of, reader, cancel, most: Protocol.PageRows);
            rows += count;
            if (count < Protocol.PageRows) return rows;
            await to.WriteAsync(new AnswerLine.Page(new PageMark(of.Table.Name, last, version)), cancel);
            await to.FlushAsync(cancel);
        }
    }

    /// <summary>All rows whose bucket is wanted; see <see cref="RowHash.Bucket"/>.</summary>
    public async Task<long> BucketsAsync(AnswerWriter to, WireTable of, IReadOnlySet<int> wanted,
        CancellationToken cancel)
    {
        await using var command = Command($"{Select(of)} WHERE shop_id = @shop ORDER BY id");
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancel);
        return (await WriteRowsAsync(to, of, reader, cancel, id => wanted.Contains(RowHash.Bucket(id)))).Count;
    }

    /// <summary>The number of rows after an id; of all rows after "".</summary>
    public async Task<long> CountAsync(Table table, string after, CancellationToken cancel)
    {
        await using var command = Command($"SELECT count(*) FROM {table.Name} WHERE {After(after)}");
        AddAfter(command, after);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture);
    }

    /// <summary>Ids and versions of a whole table, for checksums.</summary>
    public async IAsyncEnumerable<(string Id, long Ver)> VersionsAsync(Table table,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = Command($"SELECT id, ver FROM {table.Name} WHERE shop_id = @shop");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) yield return (ReadId(reader, 0), reader.GetInt64(1));
    }

    private static async Task<(int Count, string Last)> WriteRowsAsync(AnswerWriter to, WireTable of,
        DbDataReader reader, CancellationToken cancel, Func<string, bool>? filter = null, int most = int.MaxValue)
    {
        var kinds = of.Columns.Select(c => of.Table.Columns[c].Kind).ToArray();
        var (count, last) = (0, "");
        while (count < most && await reader.ReadAsync(cancel))
        {
            // In the order of the columns: each can be read once.
            var (version, id) = (reader.GetInt64(0), ReadId(reader, 1));
            if (filter is not null && !filter(id)) continue;
            await to.TableAsync(of.Table, of.Columns, cancel);
            WriteRow(to.BeginRow(version), id, reader, kinds);
            await to.EndRowAsync(cancel);
            (count, last) = (count + 1, id);
        }

        return (count, last);
    }

    private static void WriteRow(Utf8JsonWriter json, string id, DbDataReader reader, ColumnKind[] kinds)
    {
        json.WriteStringValue(id);
        for (var i = 1; i < kinds.Length; i++)
        {
            if (reader.IsDBNull(i + 1)) json.WriteNullValue();
            else if (kinds[i] == ColumnKind.Text) json.WriteStringValue(reader.GetString(i + 1));
            else if (kinds[i] == ColumnKind.Id) json.WriteStringValue(ReadId(reader, i + 1));
            else json.WriteNumberValue(reader.GetInt64(i + 1));
        }
    }

    // The version, the id and the other columns that the replica knows.
    private static string Select(WireTable of) =>
        $"SELECT ver, {string.Join(", ", of.Columns.Select(c => $"\"{of.Table.Columns[c].Name}\""))} "
            + $"FROM {of.Table.Name}";

    private static string After(string id) => id.Length == 0 ? "shop_id = @shop" : "shop_id = @shop AND id > @after";

    private void AddAfter(DbCommand command, string id)
    {
        if (id.Length > 0) ShopConnection.Add(command, "@after", db.IdValue(Guid.Parse(id)));
    }

    private static string ReadId(DbDataReader reader, int at) =>
        reader.GetFieldType(at) == typeof(Guid) ? reader.GetGuid(at).ToString("D") : reader.GetString(at);

    private DbCommand Command(string sql) => db.Command(sql, ("@shop", db.IdValue(shop)));
}
