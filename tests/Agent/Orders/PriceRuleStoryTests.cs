using Sak.Agent.Catalog;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>The owner's price rules, from the file to what a customer is told and what is recorded.</summary>
public sealed class PriceRuleStoryTests : OpenShop
{
    private const string Header = "kind,sku,pack,customer,from_quantity,price,percent,cap,from_amount,from,until\n";

    [Fact]
    public async Task A_price_by_quantity_holds_from_there_on_and_the_order_names_the_rule()
    {
        await Shop.SayAsync(Asha, "2 sugar");
        var each = await Shop.CountAsync("SELECT price FROM products WHERE sku = 'SUG-1'");
        await ImportAsync("price,SUG-1,,,10,20.00,,,,,\n");

        await Shop.SayAsync(Asha, "make it 10");
        await Shop.SayAsync(Asha, "yes");

        Assert.Equal(2_000, await Shop.CountAsync("SELECT unit_price FROM order_lines"));
        Assert.Equal(20_000, await Shop.CountAsync("SELECT net + tax FROM order_lines"));
        Assert.Equal(1,
            await Shop.CountAsync(
                "SELECT count(*) FROM order_events e JOIN price_rules r ON e.detail = 'SUG-1=' || r.id"));
        Assert.NotEqual(2_000, each);
    }

    [Fact]
    public async Task A_customers_price_is_his_alone()
    {
        await Shop.SayAsync(Asha, "hello");
        await ImportAsync($"price,SUG-1,,{Asha},,1.00,,,,,\n");
        await Shop.SayAsync(Asha, "5 sugar");
        Assert.Contains("INR 5.00", Said, StringComparison.Ordinal);
        await Shop.SayAsync(Ravi, "5 sugar");
        Assert.DoesNotContain("INR 5.00", Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_discount_with_a_cap_is_taken_off_and_said()
    {
        await ImportAsync("discount,,,,,,10,3.00,,,\n");
        await Shop.SayAsync(Asha, "5 sugar");
        Assert.Contains("INR 3.00", Said, StringComparison.Ordinal);
        Assert.Equal(0, await Shop.CountAsync("SELECT count(*) FROM counters WHERE name = 'price lock'"));
    }

    [Fact]
    public async Task An_order_keeps_its_figures_when_the_rules_end()
    {
        await ImportAsync("price,SUG-1,,,,1.00,,,,,\n");
        await Shop.SayAsync(Asha, "5 sugar");
        await Shop.SayAsync(Asha, "yes");
        await ImportAsync("price,SUG-1,,,,1.00,,,,,2020-01-01\n");
        Assert.Equal(500, await Shop.CountAsync("SELECT gross FROM orders"));
        Assert.Equal(0, await Shop.CountAsync("SELECT count(*) FROM price_rules WHERE ends IS NULL"));
        await Shop.SayAsync(Asha, "5 sugar");
        Assert.DoesNotContain("INR 5.00", Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_a_rule_is_a_change_that_syncs()
    {
        Assert.Equal((1, 0), await ImportAsync("price,SUG-1,,,,1.00,,,,2026-01-01,2099-12-31\n"));
        Assert.Equal((0, 0), await ImportAsync("price,SUG-1,,,,1.00,,,,2026-01-01,2099-12-31\n"));
        Assert.Equal(1,
            await Shop.CountAsync("SELECT count(*) FROM change_log WHERE tbl = 'price_rules' AND op = 'i'"));
    }

    [Theory]
    [InlineData("price,NO-1,,,,1.00,,,,,", "there is no product with the sku")]
    [InlineData("price,SUG-1,pallet,,,1.00,,,,,", "has no pack")]
    [InlineData("price,SUG-1,,,,cheap,,,,,", "is not an amount")]
    [InlineData("price,SUG-1,,nobody,,1.00,,,,,", "there is no customer")]
    [InlineData("discount,,,,,,120,,,,", "percent is not between")]
    [InlineData("discount,,,,,,10,,,tomorrow,", "is not a day")]
    [InlineData("gift,SUG-1,,,,,,,,,", "is none of price, discount, tax")]
    [InlineData("price,SUG-1,,,,1.00,,,,0001-01-01,", "is not a day")]
    [InlineData("price,SUG-1,,,,1,145.00,,,,,", "line 2: has 12 cells, the header names 11")]
    [InlineData("", "the file has no rules")]
    [InlineData("price,SUG-1,,,,2.00,,,,,,\"no end\nprice,SUG-1,,,,1.00,,,,,", "a quote is in the wrong place")]
    public async Task A_file_with_a_fault_changes_nothing(string line, string fault)
    {
        await ImportAsync("price,SUG-1,,,,1.00,,,,,\n");
        var error = await Assert.ThrowsAsync<ImportException>(() => ImportAsync(line + "\n"));
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Shop.CountAsync("SELECT count(*) FROM price_rules WHERE ends IS NULL"));
    }

    [Theory]
    [InlineData("kind,sku,pck,costumer,from_qty,price\n", "names \"pck\", \"costumer\", \"from_qty\"")]
    [InlineData("kind,sku,price,Price\n", "names \"price\" twice")]
    public async Task A_misspelled_or_doubled_column_makes_no_customers_price_everybodys(string header, string fault)
    {
        var file = new StringReader(header + "price,SUG-1,,1.00\n");
        var error = await Assert.ThrowsAsync<ImportException>(
            () => PriceRuleImport.RunAsync(Shop.Db, file, "INR", TimeProvider.System, Cancel));
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Shop.CountAsync("SELECT count(*) FROM price_rules"));
    }

    private Task<(int, int)> ImportAsync(string rows) =>
        PriceRuleImport.RunAsync(Shop.Db, new StringReader(Header + rows), "INR", TimeProvider.System, Cancel);
}
