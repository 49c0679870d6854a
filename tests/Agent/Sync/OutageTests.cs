using Microsoft.EntityFrameworkCore;
using Sak.Agent.Database;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

/// <summary>The agent and a real server with a connection that breaks in every way.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new();
    private TestServer _server = null!;
    private FlakyCloud _line = null!;
    private ShopUnderTest _shop = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, _) = await _server.AddShopAsync(taxInclusive: true);
        _line = await FlakyCloud.StartAsync(_server.Address, Cancel);
        _shop = new ShopUnderTest(_folder.Path, _whatsApp, $"--Cloud:Address={_line.Address}",
            $"--Cloud:Key={key.Key}", "--Cloud:ReplySeconds=2");
        await _shop.ImportCatalogAsync();
        _shop.Open();
        await _shop.SyncedAsync();
    }

    [Fact]
    public async Task While_the_cloud_is_there_it_answers_and_the_order_arrives()
    {
        await OrderAsync();
        await _shop.SyncedAsync();

        Assert.Equal(2, await _shop.CountAsync("SELECT count(*) FROM turns WHERE state = 'done'"));
        await TheCloudHasTheOrderAsync();
        await using var cloud = _server.Database();
        Assert.Equal(2, await cloud.Replies.CountAsync(Cancel));
    }

    [Theory]
    [InlineData(LineFault.Stopped)]
    [InlineData(LineFault.Refusing)]
    [InlineData(LineFault.Hanging)]
    [InlineData(LineFault.Answers500)]
    [InlineData(LineFault.CutAnswer)]
    [InlineData(LineFault.LostAnswer)]
    [InlineData(LineFault.Nonsense)]
    public async Task Whatever_happens_to_the_cloud_the_order_is_taken_and_arrives_once_when_it_is_back(LineFault fault)
    {
        _line.Fault = fault;

        await OrderAsync();

        Assert.True(_line.Fired > 0, "the fault never struck");
        Assert.Equal(2, _whatsApp.Sent.Count);
        if (fault != LineFault.LostAnswer) Assert.True(await _shop.CountAsync("SELECT count(*) FROM change_log") > 0);
        _line.Fault = LineFault.None;
        await _shop.SyncedAsync();
        await TheCloudHasTheOrderAsync();
        Assert.Equal(0, await _shop.CountAsync("SELECT count(*) FROM refusals"));
    }

    [Fact]
    public async Task An_answer_that_is_lost_again_and_again_doubles_nothing()
    {
        (_line.Fault, _line.OnlyPath) = (LineFault.LostAnswer, "/api/sync");
        await OrderAsync();
        await Eventually.IsTrueAsync(() => _line.Fired >= 3, "three lost answers");
        _line.Fault = LineFault.None;
        await _shop.SyncedAsync();

        await TheCloudHasTheOrderAsync();
    }

    [Fact]
    public async Task Products_that_the_cloud_has_not_heard_of_yet_are_sold_by_this_PC()
    {
        (_line.Fault, _line.OnlyPath) = (LineFault.Answers500, "/api/sync");
        await _shop.Db.WriteAsync(
            c => { Sql.Execute(c,
                "UPDATE products SET name = 'Marigold Garland', aliases = '' WHERE sku = 'SUG-1'"); }, Cancel);

        await _shop.SayAsync(Asha, "2 marigold garland");
        await _shop.SayAsync(Asha, "yes");

        Assert.Contains("A-1001", _whatsApp.Sent[^1].Text);
        await using var cloud = _server.Database();
        Assert.Equal(0, await cloud.Replies.CountAsync(Cancel));
    }

    [Fact]
    public async Task What_the_customer_answered_in_the_outage_is_not_asked_again_when_the_cloud_is_back()
    {
        _line.Fault = LineFault.Stopped;
        await _shop.SayAsync(Asha, "2 sugar");
        _line.Fault = LineFault.None;
        await _shop.SyncedAsync();

        await _shop.SayAsync(Asha, "yes");

        Assert.Contains("A-1001", _whatsApp.Sent[^1].Text);
        Assert.Equal(2, _whatsApp.Sent.Count);
    }

    [Fact]
    public async Task An_agent_closed_with_orders_unsent_sends_them_when_it_is_opened_again()
    {
        _line.Fault = LineFault.LostAnswer;
        await OrderAsync();
        await _shop.CloseAsync();
        _line.Fault = LineFault.None;
        _shop.Open();
        await _shop.SyncedAsync();

        await TheCloudHasTheOrderAsync();
    }

    [Fact]
    public async Task After_the_outage_replica_and_cloud_agree_by_checksum()
    {
        _line.Fault = LineFault.LostAnswer;
        await OrderAsync();
        _line.Fault = LineFault.None;
        await _shop.SyncedAsync();
        await _shop.Db.WriteAsync(c => { Sql.Execute(c, "UPDATE replica SET checked_at = 0"); }, Cancel);

        await Eventually.IsTrueAsync(async () => await _shop.CountAsync("SELECT checked_at > 0 FROM replica") == 1,
            "checksums to be compared");

        Assert.Equal("", await _shop.TextAsync("SELECT repairing FROM replica"));
        Assert.True(await _shop.CountAsync("SELECT since FROM replica") > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        await _line.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task OrderAsync()
    {
        await _shop.SayAsync(Asha, "5 ctn oil n 2 sugar");
        await _shop.SayAsync(Asha, "yes");
        Assert.Equal("A-1001|OIL-1:60000,SUG-1:2000|879600", await _shop.OrdersAsync());
    }

    private async Task TheCloudHasTheOrderAsync()
    {
        await using var cloud = _server.Database();
        var order = Assert.Single(await cloud.Orders.AsNoTracking().ToListAsync(Cancel));
        Assert.Equal(("A-1001", 879600L), (order.Number, order.Gross));
        Assert.Equal(2, await cloud.OrderLines.CountAsync(Cancel));
        Assert.Equal(2, await cloud.StockMovements.CountAsync(m => m.Reason == "sold", Cancel));
        Assert.Equal(420_000, (await cloud.Products.AsNoTracking().SingleAsync(p => p.Sku == "OIL-1", Cancel)).OnHand);
    }
}
