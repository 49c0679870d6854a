using System.Buffers;
using System.Data.Common;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Sak.Sync.Replica;

namespace Sak.Tools.Bench;

/// <summary>
/// The minimal server for the same rows: PostgreSQL → JSON lines → brotli, and the reverse into COPY. No separation of
/// shops, no retry, no merge.
/// </summary>
internal static class FloorServer
{
    public static async Task RunAsync(string connection, Guid shop, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        await using var app = builder.Build();
        app.MapGet("/pull", (HttpContext http, long since) => PullAsync(http, source, shop, since));
        app.MapPost("/push", (HttpContext http) => PushAsync(http, source, shop));
        await app.StartAsync(cancel);
        await Console.Out.WriteLineAsync($"listens on {app.Urls.First()}");
        await app.WaitForShutdownAsync(cancel);
    }

    private static async Task PullAsync(HttpContext http, NpgsqlDataSource source, Guid shop, long since)
    {
        await using var connection = await source.OpenConnectionAsync(http.RequestAborted);
        await using var batch = new NpgsqlBatch(connection);
        Table[] tables = [Tables.Products, Tables.Customers];
        foreach (var table in tables)
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand($"SELECT ver, {Names(table)} FROM {table.Name} WHERE shop_id = $1 AND ver > $2")
            {
                Parameters = { new NpgsqlParameter<Guid> { TypedValue = shop },
                    new NpgsqlParameter<long> { TypedValue = since } },
            });
        await using var rows = await batch.ExecuteReaderAsync(http.RequestAborted);
        await using var brotli = new BrotliStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        await using var json = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var watermark = since;
        foreach (var table in tables)
        {
            json.WriteStringValue(table.Name);
            End(json, buffer);
            while (await rows.ReadAsync(http.RequestAborted))
            {
                watermark = Math.Max(watermark, rows.GetInt64(0));
                WriteRow(json, rows, table);
                End(json, buffer);
                if (buffer.WrittenCount < 32 * 1024) continue;
                await brotli.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
                buffer.ResetWrittenCount();
            }

            await rows.NextResultAsync(http.RequestAborted);
        }

        json.WriteNumberValue(watermark);
        End(json, buffer);
        await brotli.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    private static void WriteRow(Utf8JsonWriter json, DbDataReader rows, Table table)
    {
        json.WriteStartArray();
        json.WriteNumberValue(rows.GetInt64(0));
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (rows.IsDBNull(i + 1)) json.WriteNullValue();
            else if (table.Columns[i].Kind == ColumnKind.Id) json.WriteStringValue(rows.GetGuid(i + 1));
            else if (table.Columns[i].Kind == ColumnKind.Text) json.WriteStringValue(rows.GetString(i + 1));
            else json.WriteNumberValue(rows.GetInt64(i + 1));
        }

        json.WriteEndArray();
    }

    private static async Task PushAsync(HttpContext http, NpgsqlDataSource source, Guid shop)
    {
        await using var connection = await source.OpenConnectionAsync(http.RequestAborted);
        await using var transaction = await connection.BeginTransactionAsync(http.RequestAborted);
        // As SAK does: otherwise the triggers for other programs' writes would stamp each row again.
        await using (var announce = new NpgsqlCommand("SELECT set_config('sak.writer', 'on', true)", connection))
            await announce.ExecuteNonQueryAsync(http.RequestAborted);
        await using var body = new BrotliStream(http.Request.Body, CompressionMode.Decompress);
        var lines = new FloorLines(body);
        NpgsqlBinaryImporter? copy = null;
        Table? table = null;
        do
        {
            while (lines.TryRead(out var line))
            {
                if (line[0] == (byte)'[')
                {
                    Import(copy!, line, table!, shop);
                    continue;
                }

                Finish(copy);
                table = Tables.Find(JsonSerializer.Deserialize<string>(line)!)!;
                copy = connection.BeginBinaryImport(
                    $"COPY {table.Name} (shop_id, {Names(table)}, ver) FROM STDIN (FORMAT BINARY)");
            }
        }
        while (await lines.FillAsync(http.RequestAborted));
        Finish(copy);
        await transaction.CommitAsync(http.RequestAborted);
    }

    private static void Finish(NpgsqlBinaryImporter? copy)
    {
        copy?.Complete();
        copy?.Dispose();
    }

    private static void Import(NpgsqlBinaryImporter copy, ReadOnlySpan<byte> line, Table table, Guid shop)
    {
        var json = new Utf8JsonReader(line);
        json.Read();
        copy.StartRow();
        copy.Write(shop, NpgsqlDbType.Uuid);
        foreach (var column in table.Columns)
        {
            json.Read();
            if (json.TokenType == JsonTokenType.Null) copy.WriteNull();
            else if (column.Kind == ColumnKind.Id) copy.Write(json.GetGuid(), NpgsqlDbType.Uuid);
            else if (column.Kind == ColumnKind.Text) copy.Write(json.GetString()!, NpgsqlDbType.Text);
            else copy.Write(json.GetInt64(), NpgsqlDbType.Bigint);
        }

        copy.Write(1L, NpgsqlDbType.Bigint);
    }

    private static string Names(Table table) => string.Join(", ", table.Columns.Select(c => c.Name));

    private static void End(Utf8JsonWriter json, ArrayBufferWriter<byte> buffer)
    {
        json.Flush();
        json.Reset();
        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
    }
}

/// <summary>Reads lines from a stream without copying them.</summary>
internal sealed class FloorLines(Stream from)
{
    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;

    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var at = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        line = at < 0 ? default : _buffer.AsSpan(_start, at);
        if (at >= 0) _start += at + 1;
        return at >= 0;
    }

    public async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await from.ReadAsync(_buffer.AsMemory(_end), cancel);
        _end += read;
        return read > 0;
    }
}
