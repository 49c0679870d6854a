using System.Text.Json;
using Sak.Agent.Orders;
using Sak.Sync.Model;

namespace Sak.Tests.Agent.Orders;

/// <summary>Drafts as the owner reads and decides on them.</summary>
public sealed class DraftsTests
{
    private static readonly BasketLine Oil = new("OIL-1", 2m, "ctn", 24_000, "2 oil", "m1");
    private static readonly BasketState Basket = BasketState.Empty with { Lines = [Oil], ShownGross = 1200 };

    [Theory]
    [InlineData("D-3", 3L)]
    [InlineData(" d3 ", 3L)]
    [InlineData("3", 3L)]
    [InlineData("D-", null)]
    [InlineData("0", null)]
    [InlineData("A-1001", null)]
    public void A_drafts_number_is_read_as_people_write_it(string text, long? number) =>
        Assert.Equal(number, Drafts.ReadNumber(text));

    [Fact]
    public void A_basket_that_was_stored_and_read_again_is_the_same_basket()
    {
        var stored = JsonSerializer.Deserialize<BasketState>(
            JsonSerializer.Serialize(Basket, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;

        Assert.True(Drafts.AreSame(Basket, stored));
        Assert.True(Drafts.AreSame(BasketState.Empty, BasketState.Empty with { Lines = new List<BasketLine>() }));
    }

    [Fact]
    public void A_basket_in_which_anything_differs_is_another_basket()
    {
        Assert.False(Drafts.AreSame(Basket, Basket with { ShownGross = 0 }));
        Assert.False(Drafts.AreSame(Basket, Basket with { Lines = [Oil with { Quantity = 3m }] }));
        Assert.False(Drafts.AreSame(Basket, Basket with { Lines = [Oil, Oil] }));
        Assert.False(Drafts.AreSame(Basket, Basket with { Discussed = ["OIL-1"] }));
    }

    [Fact]
    public void A_kept_draft_counts_no_total_as_shown() => Assert.Equal(0, Drafts.Kept(Basket).ShownGross);
}
