using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sak.Server.Data;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Server.Sync;

/// <summary>
/// Reads synced rows off the database straight into an answer; holds one row at a time. Every statement is by shop.
/// </summary>
public sealed class RowFeed(ShopConnection db, Guid shop)
{
    private static readonly string ChildrenFirst = string.Concat(
        Tables.All.Select((t, i) => $"WHEN '{t.Name}' THEN {Tables.All.Count - i} "));

    /// <summary>
    /// Asks for the rows of the catalog and the customers above a version, and of the other tables, which seldom have
    /// any, only whether there are some: to be run, a statement takes longer than such an answer. Without the replica's
    /// own rows, when one is given. The command names the shop.
    /// </summary>
    public void AskNews(DbCommand command, IReadOnlyList<WireTable> tables, long since, Guid? without)
    {
        var news = News(command, since, without);
        var others = tables.Where(t => !IsOften(t)).Select(t => t.Table.Name).Append("tombstones");
        // By the highest version, which the index has at its end. By EXISTS PostgreSQL may read the table from its
        // start, where its plan for any shop takes many rows for news and the first of them for near; and mostly there
        // is none.
        command.CommandText +=
            $"; SELECT {string.Join(", ", others.Select(name => $"CASE WHEN (SELECT MAX(ver) FROM {name} WHERE {news}) IS NULL THEN 0 ELSE 1 END"))}"
            + string.Concat(tables.Where(IsOften).Select(t => Rows(t, news)));
    }

    /// <summary>
    /// Writes what was asked for by <see cref="AskNews"/>: rows, then deletions. Returns how many it was.
    /// </summary>
    public async Task<long> NewsAsync(AnswerWriter to, IReadOnlyList<WireTable> tables, DbDataReader reader,
        long since, Guid? without, CancellationToken cancel)
    {
        await reader.ReadAsync(cancel);
        var others = tables.Where(t => !IsOften(t)).Where((_, i) => reader.GetInt32(i) == 1).ToList();
        var isAnyGone = reader.GetInt32(reader.FieldCount - 1) == 1;
        var rows = 0L;
        foreach (var table in tables.Where(IsOften))
        {
            await reader.NextResultAsync(cancel);
            rows += await WriteAsync(to, table.Table, table.Columns, reader, null, null, cancel);
        }

        await reader.DisposeAsync();
        return others.Count > 0 || isAnyGone
            ? rows + await EverythingAsync(to, others, tables, since, without, cancel)
            : rows;
    }

    /// <summary>All rows of some tables above a version, and all deletions.</summary>
    /// <param name="known">The tables that the replica has.</param>
    public async Task<long> EverythingAsync(
        AnswerWriter to, IReadOnlyList<WireTable> tables, IReadOnlyList<WireTable> known, long since, Guid? without,
        CancellationToken cancel)
    {
        await using var command = Command();
        var news = News(command, since, without);
        // Children before parents, as the database sorts them: of a catalog that was cleared there are as many as of
        // rows.
        command.CommandText =
            (string.Concat(tables.Select(t => Rows(t, news)))
                + $"; SELECT table_name, id, ver FROM tombstones WHERE {news} ORDER BY CASE table_name "
                    + $"{ChildrenFirst}END")[2..];
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancel);
        var rows = 0L;
        foreach (var table in tables)
        {
            rows += await WriteAsync(to, table.Table, table.Columns, reader, null, null, cancel);
            await reader.NextResultAsync(cancel);
        }

        while (await reader.ReadAsync(cancel))
        {
            var name = reader.GetString(0);
            if (known.FirstOrDefault(t => t.Table.Name == name) is not { } table) continue;
            await to.WriteAsync(new AnswerLine.Gone(table.Table, IdOf(reader, 1), reader.GetInt64(2)), cancel);
            rows++;
        }

        return rows;
    }

    /// <summary>
    /// All rows after an id, in the order of ids, with a page mark after each <see cref="Protocol.PageRows"/>.
    /// </summary>
    public Task<long> PagesAsync(AnswerWriter to, Table table, IReadOnlyList<int> columns, string after, long version,
        CancellationToken cancel) =>
        WriteAsync(
            to, table, columns,
            command =>
            {
                if (after.Length == 0) return "1 = 1 ORDER BY id";
                ShopConnection.Add(command, "@after", db.IdValue(Guid.Parse(after)));
                return "id > @after ORDER BY id";
            },
            null, version, cancel);

    /// <summary>How many rows stand after an id; all of them after none.</summary>
    public async Task<long> CountAsync(Table table, string after, CancellationToken cancel)
    {
        await using var command = Command();
        command.CommandText =
            $"SELECT count(*) FROM {table.Name} WHERE shop_id = @shop{(after.Length == 0 ? "" : " AND id > @after")}";
        if (after.Length > 0) ShopConnection.Add(command, "@after", db.IdValue(Guid.Parse(after)));
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancel),
            System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>All rows whose bucket is wanted.</summary>
    public Task<long> BucketsAsync(AnswerWriter to, Table table, IReadOnlyList<int> columns, bool[] wanted,
        CancellationToken cancel) =>
        WriteAsync(to, table, columns, _ => "1 = 1 ORDER BY id", wanted, null, cancel);

    /// <summary>Ids and versions of a whole table, for checksums.</summary>
    public async IAsyncEnumerable<(string Id, long Ver)> VersionsAsync(Table table,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = Command();
        command.CommandText = $"SELECT id, ver FROM {table.Name} WHERE shop_id = @shop";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) yield return (IdOf(reader, 0), reader.GetInt64(1));
    }

    private async Task<long> WriteAsync(
        AnswerWriter to, Table table, IReadOnlyList<int> columns, Func<DbCommand, string> where, bool[]? buckets,
        long? pagesOf, CancellationToken cancel)
    {
        await using var command = Command();
        command.CommandText =
            $"SELECT ver, {Names(table, columns)} FROM {table.Name} WHERE shop_id = @shop AND {where(command)}";
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancel);
        return await WriteAsync(to, table, columns, reader, buckets, pagesOf, cancel);
    }

    private static async Task<long> WriteAsync(
        AnswerWriter to, Table table, IReadOnlyList<int> columns, DbDataReader reader, bool[]? buckets, long? pagesOf,
        CancellationToken cancel)
    {
        var kinds = columns.Select(c => table.Columns[c].Kind).ToArray();
        var (rows, named) = (0L, false);
        while (await reader.ReadAsync(cancel))
        {
            var version = reader.GetInt64(0);
            var id = buckets is null && pagesOf is null ? null : IdOf(reader, 1);
            if (buckets is not null && !buckets[RowHash.Bucket(id!)]) continue;
            if (!named) await to.TableAsync(table, columns, cancel);
            named = true;
            WriteRow(to.BeginRow(version), reader, kinds, id);
            await to.EndRowAsync(cancel);
            if (++rows % Protocol.PageRows != 0 || pagesOf is not { } of) continue;
            await to.WriteAsync(new AnswerLine.Page(new PageMark(table.Name, id!, of)), cancel);
            await to.FlushAsync(cancel);
            named = false;
        }

        return rows;
    }

    // What is changed in the cloud, mostly.
    private static bool IsOften(WireTable table) => table.Table == Tables.Products || table.Table == Tables.Customers;

    private string News(DbCommand command, long since, Guid? without)
    {
        ShopConnection.Add(command, "@since", since);
        if (without is { } replica) ShopConnection.Add(command, "@origin", db.IdValue(replica));
        return $"shop_id = @shop AND ver > @since{(without is null ? "" : " AND (origin IS NULL OR origin <> @origin)")}";
    }

    private static string Rows(WireTable of, string news) =>
        $"; SELECT ver, {Names(of.Table, of.Columns)} FROM {of.Table.Name} WHERE {news} ORDER BY ver";

    private static string Names(Table table, IReadOnlyList<int> columns) =>
        string.Join(", ", columns.Select(c => $"\"{table.Columns[c].Name}\""));

    private static void WriteRow(Utf8JsonWriter json, DbDataReader reader, ColumnKind[] kinds, string? id)
    {
        for (var i = 0; i < kinds.Length; i++)
        {
            if (i == 0 && id is not null) json.WriteStringValue(id);
            else if (reader.IsDBNull(i + 1)) json.WriteNullValue();
            else if (kinds[i] == ColumnKind.Text) json.WriteStringValue(reader.GetString(i + 1));
            else if (kinds[i] != ColumnKind.Id) json.WriteNumberValue(reader.GetInt64(i + 1));
            else if (reader.GetFieldType(i + 1) == typeof(Guid)) json.WriteStringValue(reader.GetGuid(i + 1));
            else json.WriteStringValue(reader.GetString(i + 1));
        }
    }

    private static string IdOf(DbDataReader reader, int at) =>
        reader.GetFieldType(at) == typeof(Guid) ? reader.GetGuid(at).ToString("D") : reader.GetString(at);

    private DbCommand Command() => db.Command("", ("@shop", db.IdValue(shop)));
}
