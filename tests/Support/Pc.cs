using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Tests.Contracts;

namespace Sak.Tests.Support;

/// <summary>A PC of the shop without WhatsApp: the agent's own store, session and client.</summary>
public sealed class Pc(string file, HttpClient http, TimeProvider? clock = null) : IAsyncDisposable
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly CloudClient _client = new(http, TimeSpan.FromSeconds(30));

    public string File => file;

    public ReplicaDb Db { get; } = OpenReplica.At(file, clock ?? TimeProvider.System);

    /// <summary>Number of syncs that resumed in the middle of a first load.</summary>
    public int Resumed { get; private set; }

    /// <summary>Wraps the session's connection to the cloud.</summary>
    public Func<ICloud, ICloud> Line { get; set; } = cloud => cloud;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Task<SyncPosition> PositionAsync() => new SqliteReplica(Db, _clock).PositionAsync(Cancel);

    /// <summary>One sync; throws when the cloud can't be reached.</summary>
    public async Task<SyncResult> SyncOnceAsync()
    {
        if ((await PositionAsync()).Page is { Table.Length: > 0 }) Resumed++;
        return await new SyncSession(new SqliteReplica(Db, _clock), Line(_client)).RunAsync(Cancel);
    }

    /// <summary>Syncs until one run succeeds, like the schedule but without its pauses.</summary>
    public Task SyncAsync() => Eventually.IsTrueAsync(TryAsync, "a sync to come through", TimeSpan.FromSeconds(90));

    /// <summary>Places orders of three lines, each in its own transaction, and syncs each at once.</summary>
    public async Task SellAsync(string series, int orders)
    {
        for (var i = 0; i < orders; i++)
        {
            await SellOneAsync($"{series}-{i}");
            await SyncAsync();
        }
    }

    public Task SellOneAsync(string number) => Db.WriteAsync(connection => { Sell(connection, number); }, Cancel);

    public Task ExecuteAsync(string sql) => Db.WriteAsync(c => { c.Execute(sql); }, Cancel);

    /// <summary>Runs SQL as another program, without SAK's code.</summary>
    public void ExecuteBesides(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=20");
        connection.Open();
        connection.Execute(sql);
    }

    /// <summary>
    /// Watches for changes after the current version until it was notified often enough. A watch without an answer, as
    /// when its server is killed, is repeated.
    /// </summary>
    public async Task<bool> HearsAsync(Func<bool> enough)
    {
        var since = (await PositionAsync()).Since;
        var heard = 0;
        for (var i = 0; i < 60 && !(heard > 0 && enough()); i++)
            if (await _client.WatchAsync(since, Cancel)) heard++;
        return heard > 0 && enough();
    }

    public Task<long> CountAsync(string table) => NumberAsync($"SELECT count(*) FROM {table}");

    public Task<long> NumberAsync(string sql) => Db.ReadAsync(c => c.Scalar<long>(sql), Cancel);

    public Task<string> TextAsync(string sql) => Db.ReadAsync(c => c.Scalar<string>(sql), Cancel);

    /// <summary>The progress of a first load.</summary>
    public Task<string> PageAsync() => TextAsync("SELECT page FROM replica");

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return Db.DisposeAsync();
    }

    public static void Sell(SqliteConnection connection, string number)
    {
        var (order, customer) = (TestReplica.NewId(),
            connection.Scalar<string>("SELECT id FROM customers ORDER BY random() LIMIT 1"));
        connection.Execute(
            $"INSERT INTO orders (id, number, customer_id, turn_id, status, currency, net, tax, gross, price_version, "
                + $"placed_at) VALUES ('{order}', '{number}', '{customer}', '{TestReplica.NewId()}', 'confirmed', "
                    + $"'INR', 3000, 0, 3000, 1, 1800000000000)");
        foreach (var (product, i) in connection.List("SELECT id FROM products ORDER BY random() LIMIT 3",
            r => r.GetString(0)).Select((p, i) => (p, i)))
        {
            var line = TestReplica.NewId();
            connection.Execute(
                $"""
                INSERT INTO order_lines (id, order_id, position, product_id, sku, name, quantity, unit, asked_quantity,
                  asked_unit, unit_price, tax_rate, net, tax, gross, message_id, words)
                VALUES ('{line}', '{order}', {i}, '{product}', 'S', 'pipe', 1000, 'pcs', 1000, 'pcs', 1000, 0, 1000, 0,
                  1000, 'm', '1 pipe');
                INSERT INTO stock_movements (id, product_id, quantity, reason, order_line_id, at)
                  VALUES ('{TestReplica.NewId()}', '{product}', -1000, 'sold', '{line}', 1);
                """);
        }
    }

    private async Task<bool> TryAsync()
    {
        try
        {
            await SyncOnceAsync();
            return true;
        }
        catch (CloudUnavailableException)
        {
            return false;
        }
    }
}
