using System.Net;
using Microsoft.EntityFrameworkCore;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>Concurrent writers, SAK or other programs, and those who watch for changes.</summary>
public abstract partial class SyncContract
{
    [Fact]
    public async Task Eight_writers_and_a_reader_lose_no_row_by_the_watermark()
    {
        const int writers = 8;
        const int batches = 30;
        const int lines = 12;
        await SeedAsync();
        await using var second = await _server.SecondAsync();
        using var otherClient = second.Client(_client.DefaultRequestHeaders.Authorization!.Parameter);
        var left = writers;
        var writing = Enumerable.Range(0, writers).Select(async w =>
        {
            var replica = new TestReplica(w % 2 == 0 ? _client : otherClient);
            for (var i = 0; i < batches; i++)
            {
                var pushed = await replica.PushAsync(
                    replica.Order(TestReplica.NewId(), $"{w}-{i}", _customer, _product, lines: lines));
                Assert.Empty(pushed.Batch.Refusals);
            }

            Interlocked.Decrement(ref left);
        }).ToList();
        var reader = new TestReplica(otherClient);
        while (Volatile.Read(ref left) > 0 && !writing.Any(w => w.IsFaulted))
        {
            await reader.PullAsync();
            AssertNoTornOrder(reader, lines);
        }

        await Task.WhenAll(writing);
        await reader.PullAsync();
        var fresh = new TestReplica(_client);
        await fresh.PullAsync();
        Assert.Equal(writers * batches, fresh.Rows.Keys.Count(k => k.Table == "orders"));
        SameRows(fresh, reader);
        Assert.True(fresh.Rows.Count >= 6_000, $"only {fresh.Rows.Count} rows");
        Assert.Equal(-writers * batches * lines * 2_000L,
            fresh.Rows[("products", _product)].Values[Tables.Products.IndexOf("on_hand")]);
    }

    [Fact]
    public async Task Plain_SQL_on_the_clouds_database_reaches_the_agents()
    {
        await SeedAsync();
        var other = TestReplica.NewId();
        await _a.PushAsync(_a.Customer(other),
            _a.Movement(_product, 5_000, "counted"));
        await _b.PullAsync();
        await using var db = _server.Database();
        var (product, movement) = (Guid.Parse(_product), Guid.CreateVersion7());
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            await db.Products.Where(p => p.Id == product).ExecuteUpdateAsync(p => p.SetProperty(r => r.Price, 999L));
            await db.Customers.Where(c => c.Id == Guid.Parse(other)).ExecuteDeleteAsync();
            var (id, at) = (db.Connection.IdValue(movement), db.Connection.IdValue(product));
            await db.Database.ExecuteSqlRawAsync(
                "INSERT INTO stock_movements (shop_id, id, product_id, quantity, reason, at) VALUES ({0}, {1}, {2}, "
                    + "2000, 'found', 1)", db.Connection.IdValue(_shop), id, at);
            await transaction.CommitAsync();
        }

        foreach (var replica in new[] { _a, _b })
        {
            await replica.PullAsync();
            Assert.Equal(999L, replica.Rows[("products", _product)].Values[Tables.Products.IndexOf("price")]);
            Assert.Equal(7_000L, replica.Rows[("products", _product)].Values[Tables.Products.IndexOf("on_hand")]);
            Assert.DoesNotContain(("customers", other), replica.Rows.Keys);
            Assert.Contains(("stock_movements", movement.ToString("D")), replica.Rows.Keys);
            Assert.Equal(HttpStatusCode.NoContent, (await replica.PullAsync()).Status);
            Assert.Equal((await replica.PullAsync(check: true)).Mark.Checksums, replica.Checksums());
        }
    }

    [Fact]
    public async Task A_row_that_another_program_moves_to_another_shop_goes_from_the_one_and_comes_to_the_other()
    {
        await SeedAsync();
        var (key, client) = await _server.AddShopAsync("Other");
        var theirs = new TestReplica(client);
        await theirs.PushAsync(theirs.Product(TestReplica.NewId(), "BD-9"));
        for (var i = 0; i < 3; i++)
            await _a.PushAsync(_a.Update(Tables.Customers, _customer, "name", i == 0 ? "Asha" : $"{i - 1}", $"{i}"));
        await _b.PullAsync();
        await using (var db = _server.Database())
            await db.Database.ExecuteSqlRawAsync("UPDATE customers SET shop_id = {0} WHERE id = {1}",
                db.Connection.IdValue(key.Shop), db.Connection.IdValue(Guid.Parse(_customer)));
        foreach (var replica in new[] { _a, _b })
        {
            await replica.PullAsync();
            Assert.DoesNotContain(("customers", _customer), replica.Rows.Keys);
            Assert.Equal((await replica.PullAsync(check: true)).Mark.Checksums, replica.Checksums());
        }

        await theirs.PullAsync();
        Assert.Equal("2", theirs.Rows[("customers", _customer)].Values[Tables.Customers.IndexOf("name")]);
        Assert.Equal((await theirs.PullAsync(check: true)).Mark.Checksums, theirs.Checksums());
    }

    [Fact]
    public async Task A_watcher_learns_of_a_change_by_another_process_in_about_a_second()
    {
        await SeedAsync();
        await using var second = await _server.SecondAsync();
        using var watcher = second.Client(_client.DefaultRequestHeaders.Authorization!.Parameter);
        var watching = watcher.GetAsync($"/api/sync/watch?v={_a.Since}");
        Assert.Equal(HttpStatusCode.OK, (await watcher.GetAsync($"/api/sync/watch?v={_a.Since - 1}")).StatusCode);
        Assert.False(watching.IsCompleted);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        await _b.PushAsync(_b.Update(Tables.Products, _product, "price", 235L, 240L));
        Assert.Equal(HttpStatusCode.OK, (await watching).StatusCode);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 10);
    }

    private static void AssertNoTornOrder(TestReplica reader, int expected)
    {
        var order = Tables.OrderLines.IndexOf("order_id");
        var lines = reader.Rows.Where(r => r.Key.Table == "order_lines").GroupBy(r => (string)r.Value.Values[order]!)
            .ToDictionary(g => g.Key, g => g.Count());
        Assert.All(reader.Rows.Keys.Where(k => k.Table == "orders"),
            k => Assert.Equal(expected, lines.GetValueOrDefault(k.Id)));
        Assert.All(lines.Keys, id => Assert.Contains(("orders", id), reader.Rows.Keys));
    }
}
