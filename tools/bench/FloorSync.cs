using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sak.Agent.Database;
using Sak.Sync.Replica;
using static SQLitePCL.raw;

namespace Sak.Tools.Bench;

/// <summary>
/// The minimal client for the same rows: one prepared statement, one transaction, a watermark. No capture, no
/// retry, no merge.
/// </summary>
internal sealed class FloorSync(Uri address) : IBenchSync
{
    private readonly byte[] _scratch = new byte[64 * 1024];
    private HttpClient? _http;
    private SqliteConnection? _db;
    private long _since;
    private long _sentOrders;
    private long _sentLines;

    public WireCount Wire { get; } = new();

    public Task OpenAsync(string file)
    {
        Batteries_V2.Init();
        _http ??= new HttpClient(Wire.Handler(DecompressionMethods.None)) { BaseAddress = address };
        _db = new SqliteConnection($"Data Source={file};Pooling=False");
        _db.Open();
        (_since, _sentOrders, _sentLines) = (0, 0, 0);
        _db.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
        foreach (var table in Tables.All)
            _db.Execute($"CREATE TABLE {table.Name} ({string.Join(", ", table.Columns.Select(Column))}, ver INTEGER)");
        return Task.CompletedTask;
    }

    private static string Column(Column column, int position)
    {
        var type = column.Kind is ColumnKind.Id or ColumnKind.Text ? "TEXT" : "INTEGER";
        return $"{column.Name} {type}{(position == 0 ? " PRIMARY KEY" : "")}";
    }

    public Task WriteAsync(Action<SqliteConnection> write, CancellationToken cancel)
    {
        using var transaction = _db!.BeginTransaction();
        write(_db);
        transaction.Commit();
        return Task.CompletedTask;
    }

    public Task<long> ScalarAsync(string sql, CancellationToken cancel) => Task.FromResult(_db!.Scalar<long>(sql));

    public Task<double> IndexAsync(CancellationToken cancel) => Task.FromResult(0.0);

    public async Task<long> SyncAsync(CancellationToken cancel)
    {
        var up = _db!.Scalar<long>("SELECT coalesce(max(rowid), 0) FROM orders") > _sentOrders
            ? await PushAsync(cancel)
            : 0;
        return up + await PullAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_db is not null) await _db.DisposeAsync();
    }

    private async Task<long> PushAsync(CancellationToken cancel)
    {
        var sent = 0L;
        using var body = new FloorBody(async stream =>
        {
            await using var brotli = new BrotliStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            var buffer = new ArrayBufferWriter<byte>(64 * 1024);
            await using var json = new Utf8JsonWriter(buffer,
                new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            foreach (var (table, after) in new[] { (Tables.Orders, _sentOrders), (Tables.OrderLines, _sentLines) })
            {
                json.WriteStringValue(table.Name);
                End(json, buffer);
                sqlite3_prepare_v2(_db!.Handle,
                    $"SELECT {string.Join(", ", table.Columns.Select(c => c.Name))} FROM {table.Name} WHERE rowid > "
                        + $"{after} ORDER BY rowid", out var rows);
                using (rows)
                {
                    while (sqlite3_step(rows) == SQLITE_ROW)
                    {
                        WriteRow(json, rows, table.Columns.Count);
                        End(json, buffer);
                        sent++;
                        if (buffer.WrittenCount < 32 * 1024) continue;
                        await brotli.WriteAsync(buffer.WrittenMemory, cancel);
                        buffer.ResetWrittenCount();
                    }
                }
            }

            await brotli.WriteAsync(buffer.WrittenMemory, cancel);
        });
        using var response = await _http!.PostAsync("push", body, cancel);
        response.EnsureSuccessStatusCode();
        (_sentOrders, _sentLines) = (_db!.Scalar<long>("SELECT max(rowid) FROM orders"),
            _db!.Scalar<long>("SELECT max(rowid) FROM order_lines"));
        return sent;
    }

    private static void WriteRow(Utf8JsonWriter json, sqlite3_stmt rows, int count)
    {
        json.WriteStartArray();
        for (var i = 0; i < count; i++)
        {
            switch (sqlite3_column_type(rows, i))
            {
                case SQLITE_TEXT:
                    json.WriteStringValue(sqlite3_column_blob(rows, i));
                    break;
                case SQLITE_INTEGER:
                    json.WriteNumberValue(sqlite3_column_int64(rows, i));
                    break;
                default:
                    json.WriteNullValue();
                    break;
            }
        }

        json.WriteEndArray();
    }

    private async Task<long> PullAsync(CancellationToken cancel)
    {
        using var response = await _http!.GetAsync($"pull?since={_since}", HttpCompletionOption.ResponseHeadersRead,
            cancel);
        response.EnsureSuccessStatusCode();
        await using var body = new BrotliStream(await response.Content.ReadAsStreamAsync(cancel),
            CompressionMode.Decompress);
        var lines = new FloorLines(body);
        var (count, begun) = (0L, false);
        sqlite3_stmt? insert = null;
        do
        {
            while (lines.TryRead(out var line))
            {
                switch (line[0])
                {
                    case (byte)'[':
                        if (!begun) _db!.Execute("BEGIN IMMEDIATE");
                        begun = true;
                        Insert(insert!, line);
                        count++;
                        break;
                    case (byte)'"':
                        insert?.Dispose();
                        insert = Prepare(Tables.Find(JsonSerializer.Deserialize<string>(line)!)!);
                        break;
                    default:
                        _since = long.Parse(line, CultureInfo.InvariantCulture);
                        break;
                }
            }
        }
        while (await lines.FillAsync(cancel));
        insert?.Dispose();
        if (begun) _db!.Execute("COMMIT");
        return count;
    }

    private sqlite3_stmt Prepare(Table table)
    {
        var values = string.Join(", ", table.Columns.Skip(1).Select(c => $"{c.Name} = excluded.{c.Name}"));
        var update = _since == 0 ? "" : $" ON CONFLICT (id) DO UPDATE SET ver = excluded.ver, {values}";
        sqlite3_prepare_v2(
            _db!.Handle,
            $"INSERT INTO {table.Name} (ver, {string.Join(", ", table.Columns.Select(c => c.Name))}) VALUES "
                + $"(?{string.Concat(table.Columns.Select(_ => ", ?"))}){update}", out var statement);
        return statement;
    }

    private void Insert(sqlite3_stmt statement, ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        json.Read();
        for (var i = 1; json.Read() && json.TokenType != JsonTokenType.EndArray; i++)
        {
            if (json.TokenType == JsonTokenType.Null) sqlite3_bind_null(statement, i);
            else if (json.TokenType == JsonTokenType.Number) sqlite3_bind_int64(statement, i, json.GetInt64());
            else if (json.ValueIsEscaped)
                sqlite3_bind_text(statement, i, _scratch.AsSpan(0, json.CopyString(_scratch)));
            else sqlite3_bind_text(statement, i, json.ValueSpan);
        }

        if (sqlite3_step(statement) != SQLITE_DONE) throw new InvalidOperationException("The floor's insert failed.");
        sqlite3_reset(statement);
    }

    private static void End(Utf8JsonWriter json, ArrayBufferWriter<byte> buffer)
    {
        json.Flush();
        json.Reset();
        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
    }

    private sealed class FloorBody(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
