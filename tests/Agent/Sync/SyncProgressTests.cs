using Sak.Agent.Commands;
using Sak.Agent.Database;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Contracts;
using Sak.Tests.Support;
using Sak.Tools.Bench;
using Spectre.Console;

namespace Sak.Tests.Agent.Sync;

/// <summary>How far a sync is, as its owner sees it, with a real server.</summary>
public sealed class SyncProgressTests : IAsyncLifetime
{
    private const int Products = Protocol.PageRows + 1_234;
    private readonly Folder _folder = new();
    private readonly List<SyncProgress> _progress = [];
    private TestServer _server = null!;
    private FlakyCloud _line = null!;
    private ReplicaDb _db = null!;
    private HttpClient _http = null!;
    private TestReplica _other = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, client) = await _server.AddShopAsync();
        await new BenchShop(_server.Settings).FillAsync(key.Shop, Products, customers: 10, Cancel);
        _line = await FlakyCloud.StartAsync(_server.Address, Cancel);
        _http = CloudClient.Connect(new Uri(_line.Address), key.Key);
        _db = OpenReplica.At(_folder.File("shop.db"), TimeProvider.System);
        _other = new TestReplica(client);
    }

    [Fact]
    public async Task A_first_load_says_how_many_rows_are_to_come_and_counts_to_them()
    {
        var result = await RunAsync(_progress.Add);

        Assert.All(_progress, p => Assert.Equal(Products + 10, p.Total));
        Assert.Equal(0, _progress[0].Rows);
        Assert.Equal((Products + 10, true), (_progress[^1].Rows, _progress[^1].Done));
        Assert.Equal(_progress.Select(p => p.Rows).Order(), _progress.Select(p => p.Rows));
        Assert.True(_progress.Count > 10, "it is told while it goes on");
        Assert.Equal(Products + 10, result.RowsIn);
    }

    [Fact]
    public async Task A_first_load_that_goes_on_after_a_cut_counts_what_came_before()
    {
        _line.Fault = LineFault.CutAnswer;
        await Assert.ThrowsAsync<CloudUnavailableException>(() => RunAsync(_progress.Add));
        Assert.DoesNotContain(_progress, p => p.Done);
        // What was on the line when it was cut may have been lost with it.
        var stored = await _db.ReadAsync(c => c.Scalar<long>("SELECT count(*) FROM products"), Cancel);
        _line.Fault = LineFault.None;
        _progress.Clear();

        await RunAsync(_progress.Add);

        Assert.Equal((stored, Products + 10), (_progress[0].Rows, _progress[0].Total));
        Assert.Equal(Products + 10, _progress.Last(p => p.Total > 0).Rows);
    }

    [Fact]
    public async Task Who_does_not_ask_is_not_told_and_pays_nothing()
    {
        using var answer = await _http.GetAsync($"api/sync?p=1&s=1&r={Guid.NewGuid():N}&v=0&page=//0", Cancel);
        Assert.DoesNotContain("totals", await answer.Content.ReadAsStringAsync(Cancel));
        using var asked = await _http.GetAsync($"api/sync?p=1&s=1&r={Guid.NewGuid():N}&v=0&page=//0&n=1", Cancel);
        Assert.StartsWith("{\"totals\":[{\"table\":\"products\",\"rows\":6234,\"toCome\":6234}",
            await asked.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task What_was_changed_in_two_places_is_settled_by_column_and_listed_for_the_owner()
    {
        await RunAsync(null);
        await _other.PullAsync();
        var (product, customer) = (BenchShop.Id(1, 5), BenchShop.Id(2, 5));
        var (price, phone) = (await TextAsync($"SELECT price FROM products WHERE id = '{product}'"),
            await TextAsync($"SELECT phone FROM customers WHERE id = '{customer}'"));
        await _other.PushAsync(
            _other.Update(Tables.Products, product, "price", long.Parse(price), 77L),
            _other.Update(Tables.Customers, customer, "phone", phone, "911"),
            _other.Product(TestReplica.NewId(), "NEW"));
        await _db.WriteAsync(
            c => { c.Execute(
                $"UPDATE products SET price = 88 WHERE id = '{product}'; "
                    + $"UPDATE customers SET phone = '922' WHERE id = '{customer}'"); }, Cancel);

        var result = await RunAsync(_progress.Add);

        Assert.Equal((2, 2), (result.ChangesOut, result.Refused));
        Assert.Equal("NEW", await TextAsync("SELECT sku FROM products WHERE sku = 'NEW'"));
        Assert.All(_progress, p => Assert.Equal(0, p.Total));
        Assert.Equal(("77", "922"),
            (await TextAsync($"SELECT price FROM products WHERE id = '{product}'"),
                await TextAsync($"SELECT phone FROM customers WHERE id = '{customer}'")));
        await AValueThatOverruledTheCloudsIsListedAsync(customer);
    }

    [Fact]
    public async Task The_progress_of_a_first_load_is_plain_lines_where_there_is_no_terminal()
    {
        var lines = new StringWriter();
        var shown = new LoadProgress(AnsiConsole.Console, lines, isTerminal: false);
        await shown.RunAsync(async () =>
        {
            await RunAsync(shown.Show);
            return true;
        });

        var written = lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(written.Length, 8, 12);
        Assert.Equal("Received 6,244 of 6,244 rows.", written[^1].Trim());
    }

    [Fact]
    public async Task The_progress_of_a_first_load_is_a_bar_on_a_terminal()
    {
        var screen = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(screen) });
        var shown = new LoadProgress(console, TextWriter.Null, isTerminal: true);
        await shown.RunAsync(async () =>
        {
            await RunAsync(shown.Show);
            return true;
        });

        Assert.Contains("of 6,244 rows", screen.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_db is not null) await _db.DisposeAsync();
        if (_line is not null) await _line.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AValueThatOverruledTheCloudsIsListedAsync(string customer)
    {
        var reason = await TextAsync(
            $"SELECT reason FROM refusals WHERE kind = 'conflict' AND tbl = 'customers' "
                    + $"AND id = '{customer}' AND column_name = 'phone'");
        Assert.Contains("\"922\" was kept, not the cloud's \"911\"", reason);
        var shown = await _db.ReadAsync(c => StatusQuery.Troubles(c, DateTimeOffset.UnixEpoch), Cancel);
        Assert.Equal(2, shown.Count(t => t.What.StartsWith("Changed in two places", StringComparison.Ordinal)));
    }

    private Task<SyncResult> RunAsync(Action<SyncProgress>? progress) =>
        new SyncSession(new SqliteReplica(_db, TimeProvider.System), new CloudClient(_http, TimeSpan.FromSeconds(30)),
            progress).RunAsync(Cancel);

    private Task<string> TextAsync(string sql) => _db.ReadAsync(c => c.Scalar<string>(sql), Cancel);
}
