using Microsoft.EntityFrameworkCore;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Agent;

/// <summary>The agent and a real server with a line between them that breaks in every way.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder folder = new();
    private readonly InMemoryWhatsApp whatsApp = new();
    private TestServer server = null!;
    private FlakyCloud line = null!;
    private ShopUnderTest shop = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, _) = await server.AddShopAsync(taxInclusive: true);
        line = await FlakyCloud.StartAsync(server.Address, Cancel);
        shop = new ShopUnderTest(folder.Path, whatsApp, $"--Cloud:Address={line.Address}", $"--Cloud:Key={key.Key}", "--Cloud:ReplySeconds=2");
        await shop.ImportCatalogAsync();
        shop.Open();
        await shop.SyncedAsync();
    }

    [Fact]
    public async Task While_the_cloud_is_there_it_answers_and_the_order_arrives()
    {
        await OrderAsync();
        await shop.SyncedAsync();

        Assert.Equal(2, await shop.CountAsync("SELECT count(*) FROM turns WHERE state = 'done'"));
        await TheCloudHasTheOrderAsync();
        await using var cloud = server.Database();
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
        line.Fault = fault;

        await OrderAsync();

        Assert.True(line.Fired > 0, "the fault never struck");
        Assert.Equal(2, whatsApp.Sent.Count);
        if (fault != LineFault.LostAnswer) Assert.True(await shop.CountAsync("SELECT count(*) FROM change_log") > 0);
        line.Fault = LineFault.None;
        await shop.SyncedAsync();
        await TheCloudHasTheOrderAsync();
        Assert.Equal(0, await shop.CountAsync("SELECT count(*) FROM refusals"));
    }

    [Fact]
    public async Task An_answer_that_is_lost_again_and_again_doubles_nothing()
    {
        (line.Fault, line.OnlyPath) = (LineFault.LostAnswer, "/api/sync");
        await OrderAsync();
        await Eventually.IsTrueAsync(() => line.Fired >= 3, "three lost answers");
        line.Fault = LineFault.None;
        await shop.SyncedAsync();

        await TheCloudHasTheOrderAsync();
    }

    [Fact]
    public async Task Products_that_the_cloud_has_not_heard_of_yet_are_sold_by_this_PC()
    {
        (line.Fault, line.OnlyPath) = (LineFault.Answers500, "/api/sync");
        await shop.Db.WriteAsync(
            c => { Sak.Agent.Store.Sql.Execute(c, "UPDATE products SET name = 'Marigold Garland', aliases = '' WHERE sku = 'SUG-1'"); }, Cancel);

        await shop.SayAsync(Asha, "2 marigold garland");
        await shop.SayAsync(Asha, "yes");

        Assert.Contains("A-1001", whatsApp.Sent[^1].Text);
        await using var cloud = server.Database();
        Assert.Equal(0, await cloud.Replies.CountAsync(Cancel));
    }

    [Fact]
    public async Task What_the_customer_answered_in_the_outage_is_not_asked_again_when_the_cloud_is_back()
    {
        line.Fault = LineFault.Stopped;
        await shop.SayAsync(Asha, "2 sugar");
        line.Fault = LineFault.None;
        await shop.SyncedAsync();

        await shop.SayAsync(Asha, "yes");

        Assert.Contains("A-1001", whatsApp.Sent[^1].Text);
        Assert.Equal(2, whatsApp.Sent.Count);
    }

    [Fact]
    public async Task An_agent_closed_with_orders_unsent_sends_them_when_it_is_opened_again()
    {
        line.Fault = LineFault.LostAnswer;
        await OrderAsync();
        await shop.CloseAsync();
        line.Fault = LineFault.None;
        shop.Open();
        await shop.SyncedAsync();

        await TheCloudHasTheOrderAsync();
    }

    [Fact]
    public async Task After_the_outage_replica_and_cloud_agree_by_checksum()
    {
        line.Fault = LineFault.LostAnswer;
        await OrderAsync();
        line.Fault = LineFault.None;
        await shop.SyncedAsync();
        await shop.Db.WriteAsync(c => { Sak.Agent.Store.Sql.Execute(c, "UPDATE replica SET checked_at = 0"); }, Cancel);

        await Eventually.IsTrueAsync(async () => await shop.CountAsync("SELECT checked_at > 0 FROM replica") == 1, "checksums to be compared");

        Assert.Equal("", await shop.TextAsync("SELECT repairing FROM replica"));
        Assert.True(await shop.CountAsync("SELECT since FROM replica") > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await line.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    private async Task OrderAsync()
    {
        await shop.SayAsync(Asha, "5 ctn oil n 2 sugar");
        await shop.SayAsync(Asha, "yes");
        Assert.Equal("A-1001|OIL-1:60000,SUG-1:2000|879600", await shop.OrdersAsync());
    }

    private async Task TheCloudHasTheOrderAsync()
    {
        await using var cloud = server.Database();
        var order = Assert.Single(await cloud.Orders.AsNoTracking().ToListAsync(Cancel));
        Assert.Equal(("A-1001", 879600L), (order.Number, order.Gross));
        Assert.Equal(2, await cloud.OrderLines.CountAsync(Cancel));
        Assert.Equal(2, await cloud.StockMovements.CountAsync(m => m.Reason == "sold", Cancel));
        Assert.Equal(420_000, (await cloud.Products.AsNoTracking().SingleAsync(p => p.Sku == "OIL-1", Cancel)).OnHand);
    }
}
