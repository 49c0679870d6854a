using System.Net;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>A batch is applied once, whatever happens to its answer.</summary>
public abstract partial class SyncContract
{
    [Fact]
    public async Task What_one_replica_pushes_another_pulls_equal_to_the_last_letter()
    {
        await SeedAsync();
        var pushed = await _a.PushAsync(_a.Order(TestReplica.NewId(), "A-1001", _customer, _product, lines: 3));
        Assert.Empty(pushed.Batch.Refusals);
        Assert.True(pushed.Batch.Version > 0);
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.Equal(3, _b.Rows.Keys.Count(k => k.Table == "order_lines"));
    }

    [Fact]
    public async Task When_nothing_is_new_the_answer_is_204_without_a_body()
    {
        await SeedAsync();
        var again = await _b.PullAsync();
        Assert.Equal(HttpStatusCode.NoContent, again.Status);
        Assert.Empty(again.Lines);
    }

    [Fact]
    public async Task A_repeated_batch_changes_nothing_and_gets_the_same_answer()
    {
        await SeedAsync();
        var first = await _a.PushAsync(
            [.. _a.Order(TestReplica.NewId(), "A-1", _customer, _product),
                _a.Update(Tables.Products, _product, "on_hand", null, 7L), _a.Delete(Tables.Customers, _customer)]);
        var lost = _a.Last!;
        await _b.PullAsync();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "name", "Product BD-1", "Bread"));
        var again = await _a.ExchangeAsync(lost);
        Assert.Equal(first.Batch.Version, again.Batch.Version);
        Assert.Equal(first.Batch.Refusals, again.Batch.Refusals);
        Assert.NotEmpty(again.Batch.Refusals);
        Assert.Equal(1, await CountAsync(Tables.Orders));
        Assert.Equal("Bread", again.Value(Tables.Products, _product, "name"));
    }

    [Fact]
    public async Task A_known_sequence_with_another_id_is_a_fork_and_a_skipped_one_a_gap()
    {
        await SeedAsync();
        var fork = await _a.ExchangeAsync(new Batch(Guid.NewGuid(), 1, [_a.Customer(TestReplica.NewId())]));
        Assert.Equal((HttpStatusCode.Conflict, SyncProblems.Forked), (fork.Status, fork.Problem));
        var gap = await _a.ExchangeAsync(new Batch(Guid.NewGuid(), 3, [_a.Customer(TestReplica.NewId())]));
        Assert.Equal((HttpStatusCode.Conflict, SyncProblems.Gap), (gap.Status, gap.Problem));
        Assert.Equal(1, await CountAsync(Tables.Customers));
    }

    [Fact]
    public async Task A_lost_answer_then_a_newer_edit_by_another_then_the_retry_keeps_the_newer_edit()
    {
        await SeedAsync();
        await _a.PushAsync(_a.Update(Tables.Products, _product, "name", "Product BD-1", "by A"));
        var lost = _a.Last!;
        await _b.PullAsync();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "name", "by A", "by B"));
        await _a.ExchangeAsync(lost);
        Assert.Equal("by B", _a.Rows[("products", _product)].Values[Tables.Products.IndexOf("name")]);
    }
}
