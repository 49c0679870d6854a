using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync;
using Sak.Sync.Replica;

namespace Sak.Tools.Bench;

/// <summary>
/// A process that syncs on command: one command a line in, one JSON object a line out. It runs either SAK's agent code
/// or the floor.
/// </summary>
internal static class BenchClient
{
    public static async Task RunAsync(string kind, Uri address, string key, CancellationToken cancel)
    {
        IBenchSync sync = kind == "sak" ? new SakSync(address, key) : new FloorSync(address);
        await using (sync)
        {
            while (await Console.In.ReadLineAsync(cancel) is { } command)
            {
                var words = command.Split('\t');
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(await DoAsync(sync, words, cancel)));
            }
        }
    }

    private static async Task<BenchAnswer> DoAsync(IBenchSync sync, string[] words, CancellationToken cancel)
    {
        switch (words[0])
        {
            case "open":
                await sync.OpenAsync(words[1]);
                return default;
            case "close":
                await sync.DisposeAsync();
                return default;
            case "orders":
                await sync.WriteAsync(
                    connection =>
                        BenchOrders.Write(connection, int.Parse(words[1]), int.Parse(words[2]), int.Parse(words[3])),
                        cancel);
                return default;
            case "index":
                return new BenchAnswer(await sync.IndexAsync(cancel), 0, 0, 0);
            case "scalar":
                return new BenchAnswer(0, await sync.ScalarAsync(words[1], cancel), 0, 0);
            default:
                var (before, began) = ((sync.Wire.In, sync.Wire.Out), Stopwatch.GetTimestamp());
                var rows = await sync.SyncAsync(cancel);
                return new BenchAnswer(Stopwatch.GetElapsedTime(began).TotalMilliseconds, rows,
                    sync.Wire.In - before.In, sync.Wire.Out - before.Out);
        }
    }
}

internal readonly record struct BenchAnswer(double Ms, long Value, long BytesIn, long BytesOut);

/// <summary>The interface of a measured sync engine.</summary>
internal interface IBenchSync : IAsyncDisposable
{
    WireCount Wire { get; }

    Task OpenAsync(string file);

    Task WriteAsync(Action<SqliteConnection> write, CancellationToken cancel);

    Task<long> SyncAsync(CancellationToken cancel);

    Task<long> ScalarAsync(string sql, CancellationToken cancel);

    /// <summary>Updates the search index with the received rows. Returns milliseconds.</summary>
    Task<double> IndexAsync(CancellationToken cancel);
}

internal sealed class SakSync(Uri address, string key) : IBenchSync
{
    private HttpClient? _http;
    private ReplicaDb? _db;

    public WireCount Wire { get; } = new();

    public Task OpenAsync(string file)
    {
        _db = OpenReplica.At(file, TimeProvider.System);
        _http ??= new HttpClient(Wire.Handler(DecompressionMethods.Brotli))
        {
            BaseAddress = address,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        };
        return Task.CompletedTask;
    }

    // As a shop writes them: many transactions, each captured by the triggers.
    public Task WriteAsync(Action<SqliteConnection> write, CancellationToken cancel) => _db!.WriteAsync(write, cancel);

    public async Task<long> SyncAsync(CancellationToken cancel)
    {
        var result =
            await new SyncSession(new SqliteReplica(_db!, TimeProvider.System),
                new CloudClient(_http!, TimeSpan.FromMinutes(5))).RunAsync(cancel);
        return result.ChangesOut + result.RowsIn;
    }

    public Task<long> ScalarAsync(string sql, CancellationToken cancel) =>
        _db!.ReadAsync(c => c.Scalar<long>(sql), cancel);

    public async Task<double> IndexAsync(CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        await CatalogIndex.RefreshAsync(_db!, cancel);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        if (_db is not null) await _db.DisposeAsync();
        _db = null;
    }
}
