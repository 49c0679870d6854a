using Microsoft.Extensions.Logging.Abstractions;
using Sak.Agent;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.Status;
using Sak.Agent.Sync;

namespace Sak.Tests.Support;

/// <summary>
/// The whole agent in this process, with WhatsApp in memory: it can be closed and opened again on the same files.
/// </summary>
public sealed class ShopUnderTest(string folder, InMemoryWhatsApp whatsApp, params string[] settings) : IAsyncDisposable
{
    private CancellationTokenSource? _life;
    private Task _work = Task.CompletedTask;

    public Shop Shop { get; private set; } = null!;

    public ReplicaDb Db => Shop.Db;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Imports the demo's catalog on the PC, as for a shop without a cloud.</summary>
    public async Task ImportCatalogAsync()
    {
        await using var db = OpenReplica.At(Path.Combine(folder, "shop.db"), TimeProvider.System);
        using var catalog = File.OpenText(Tools.Demo.DemoCommand.Catalog);
        await CatalogImport.RunAsync(db, catalog, "INR", TimeProvider.System, Cancel);
    }

    public void Open(bool takeOver = false)
    {
        string[] all = ["--Turns:QuietSeconds=0.1", "--Send:TypingSeconds=0", "--Send:PerMinute=1000",
            "--Send:PerChatMinute=1000", "--Cloud:SyncSeconds=1", $"--Agent:DataFolder={folder}", .. settings];
        var loaded = AgentSettings.Load(all, folder, new Dictionary<string, string>());
        Assert.True(loaded.AreGood, string.Join('\n', loaded.Faults));
        Shop = Shop.Open(loaded.Settings, whatsApp.Connect, NullLoggerFactory.Instance,
            new RecentLog(TimeProvider.System), TimeProvider.System, takeOver);
        _life = new CancellationTokenSource();
        _work = Shop.RunAsync(_life.Token);
    }

    public async Task CloseAsync()
    {
        if (_life is null) return;
        await _life.CancelAsync();
        await _work;
        await Shop.DisposeAsync();
        _life.Dispose();
        _life = null;
    }

    /// <summary>A customer writes; returns when all waiting messages are answered.</summary>
    public async Task<string> SayAsync(string phone, string text)
    {
        var id = whatsApp.CustomerWrites(phone, text, Now);
        await Eventually.IsTrueAsync(
            async () =>
                await CountAsync($"SELECT count(*) FROM messages WHERE id = '{id}' AND turn_id IS NOT NULL") == 1,
                "the message to be taken up");
        await AnsweredAsync();
        return id;
    }

    public Task AnsweredAsync() => Eventually.IsTrueAsync(
        async () => await CountAsync("SELECT count(*) FROM messages WHERE from_me = 0") > 0
            && await CountAsync(
                "SELECT (SELECT count(*) FROM messages m LEFT JOIN turns t ON t.id = m.turn_id WHERE m.from_me = 0 "
                    + "AND (m.turn_id IS NULL OR t.state = 'open')) + (SELECT count(*) FROM outbox WHERE state IN "
                        + "('queued', 'sending'))") == 0,
        "every message to be answered");

    public Task SyncedAsync() =>
        Eventually.IsTrueAsync(async () => await CountAsync("SELECT count(*) FROM change_log") == 0,
            "everything to be synced", TimeSpan.FromSeconds(60));

    public Task<long> CountAsync(string sql) => Db.ReadAsync(c => c.Scalar<long>(sql), Cancel);

    public Task<string> TextAsync(string sql) => Db.ReadAsync(c => c.Scalar<string>(sql), Cancel);

    /// <summary>"A-1001|OIL-1:60000,SUG-1:2000|879600 A-1002|…"</summary>
    public Task<string> OrdersAsync() => Db.ReadAsync(
        c => string.Join(' ', c.List(
            "SELECT number || '|' || (SELECT group_concat(sku || ':' || quantity) FROM (SELECT * FROM order_lines "
                + "WHERE order_id = o.id ORDER BY position)) || '|' || gross FROM orders o ORDER BY number",
                r => r.GetString(0))),
        Cancel);

    public async ValueTask DisposeAsync() => await CloseAsync();
}
