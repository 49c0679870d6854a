using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Replica;
using Sak.Tests.Contracts;

namespace Sak.Tests.Sync.Replica;

/// <summary>Which words a row may hold where the model has a state or a kind.</summary>
public sealed class RowRulesTests
{
    [Theory]
    [InlineData("sold")]
    [InlineData("delivery")]
    [InlineData("found")]
    public void A_stock_movement_may_have_a_reason_of_another_program(string reason) =>
        Assert.Null(
            RowRules.Fault(Tables.StockMovements, [TestReplica.NewId(), TestReplica.NewId(), 1L, reason, null, 1L],
                "INR"));

    [Theory]
    [InlineData("conflict", RefusalKind.Conflict)]
    [InlineData("parked", RefusalKind.Parked)]
    [InlineData("postponed", RefusalKind.Conflict)]
    public void A_refusal_of_a_kind_that_only_a_newer_server_knows_is_read_as_a_conflict(string word,
        RefusalKind kind) =>
        Assert.Equal(kind, System.Text.Json.JsonSerializer.Deserialize<RefusalKind>($"\"{word}\""));

    [Fact]
    public void A_price_rule_has_a_kind_that_the_model_knows() =>
        Assert.Equal("A price rule is of the kind \"gift\", which is not known; it is one of price, discount, tax.",
            RowRules.Fault(Tables.PriceRules,
                [TestReplica.NewId(), "gift", "", "", null, 0L, 0L, 0L, null, 0L, null, null], "INR"));

    [Fact]
    public void A_kind_that_only_a_newer_program_knows_changes_no_price()
    {
        var rule = new StoredRule(Guid.NewGuid(), EnumText.Read<RuleKind>("gift"), "S-1", "", null, 0, 100, 1, null, 0,
            null, null);
        var rules = new PriceRules("INR", false).With([rule], DateTimeOffset.UnixEpoch);
        Assert.Equal((0, 0, 0), (rules.Prices.Count, rules.Discounts.Count, rules.TaxInclusiveBySku.Count));
    }
}
