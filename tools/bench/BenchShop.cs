using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Server.Shops;
using Sak.Server.Sync;
using Sak.Sync.Replica;

namespace Sak.Tools.Bench;

/// <summary>
/// The cloud database of a measurement: fills, changes and empties shops directly, beside the server.
/// </summary>
internal sealed class BenchShop(ServerSettings settings)
{
    private static readonly string[] Words = ["steel", "copper", "valve", "pipe", "bolt", "hinge", "panel", "cable",
        "lamp", "filter", "brush", "socket", "drill", "paint"];

    public SakDb Database() => OpenDatabase.New(settings);

    public async Task<NewKey> AddAsync(string name, CancellationToken cancel)
    {
        await using var db = Database();
        return await new AddShop(db, TimeProvider.System).ShopAsync(name, "INR", false, "", cancel);
    }

    public async Task FillAsync(Guid shop, int products, int customers, CancellationToken cancel)
    {
        await using var db = Database();
        await using var write = await ShopWrite.BeginAsync(db.Connection, shop, cancel);
        var (rows, random) = (new RowSql(db.Connection, shop), new Random(7));
        foreach (var chunk in Enumerable.Range(0, products).Chunk(5_000))
            await rows.InsertAsync(Tables.Products, [.. chunk.Select(i => Product(i, random, write.Version))], cancel);
        foreach (var chunk in Enumerable.Range(0, customers).Chunk(5_000))
            await rows.InsertAsync(Tables.Customers, [.. chunk.Select(i => Customer(i, random, write.Version))],
                cancel);
        await write.CommitAsync(true, cancel);
    }

    /// <summary>A shop with past orders, so that no table is empty and the planner has statistics.</summary>
    public async Task SellAsync(Guid shop, int orders, int products, int customers, CancellationToken cancel)
    {
        await using var db = Database();
        await using var write = await ShopWrite.BeginAsync(db.Connection, shop, cancel);
        var rows = new RowSql(db.Connection, shop);
        StoredRow Order(int i) =>
            Row(Tables.Orders, ("id", Id(3, i)), ("number", $"B{i}"), ("customer_id", Id(2, i % customers)),
                ("turn_id", Id(4, i)), ("status", "confirmed"), ("currency", "INR"), ("net", 3000), ("gross", 3000),
                ("price_version", 1), ("placed_at", 1_800_000_000_000L));
        StoredRow Line(int i) => Row(
            Tables.OrderLines, ("id", Id(5, i)), ("order_id", Id(3, i / 3)), ("position", i % 3),
            ("product_id", Id(1, i % products)), ("sku", "SKU-000001"), ("name", "steel pipe 40x20 mm"),
            ("quantity", 1000), ("unit", "pcs"), ("asked_quantity", 1000), ("asked_unit", "pcs"), ("unit_price", 1000),
            ("net", 1000), ("gross", 1000), ("message_id", "false_919800000001@c.us_3EB0"), ("words", "2 steel pipe"));
        StoredRow Row(Table table, params ReadOnlySpan<(string, object?)> values) =>
            Stored(table, write.Version, values);

        await rows.InsertAsync(Tables.Orders, [.. Enumerable.Range(0, orders).Select(Order)], cancel);
        await rows.InsertAsync(Tables.OrderLines, [.. Enumerable.Range(0, orders * 3).Select(Line)], cancel);
        await write.CommitAsync(true, cancel);
    }

    /// <summary>Changes the price of some products.</summary>
    public async Task ChangeAsync(Guid shop, int count, int round, CancellationToken cancel)
    {
        await using var db = Database();
        await using var write = await ShopWrite.BeginAsync(db.Connection, shop, cancel);
        var skus = Enumerable.Range(round * count, count).Select(i => $"SKU-{i:D6}").ToList();
        await db.Products.Where(p => p.ShopId == shop && skus.Contains(p.Sku))
            .ExecuteUpdateAsync(
                p => p.SetProperty(r => r.Price, r => r.Price + 1).SetProperty(r => r.Ver, write.Version)
                    .SetProperty(r => r.Origin, (Guid?)null), cancel);
        await write.CommitAsync(true, cancel);
    }

    public async Task EmptyOrdersAsync(Guid shop, CancellationToken cancel)
    {
        await using var db = Database();
        db.Database.SetCommandTimeout(600);
        await using var write = await ShopWrite.BeginAsync(db.Connection, shop, cancel);
        await db.OrderLines.Where(l => l.ShopId == shop).ExecuteDeleteAsync(cancel);
        await db.Orders.Where(o => o.ShopId == shop).ExecuteDeleteAsync(cancel);
        await db.SyncBatches.Where(b => b.ShopId == shop).ExecuteDeleteAsync(cancel);
        await db.Tombstones.Where(b => b.ShopId == shop).ExecuteDeleteAsync(cancel);
        await write.CommitAsync(true, cancel);
        if (settings.Engine == ServerSettings.Postgres) await db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE", cancel);
    }

    public async Task EmptyAsync(Guid shop, CancellationToken cancel)
    {
        await EmptyOrdersAsync(shop, cancel);
        await using var db = Database();
        db.Database.SetCommandTimeout(600);
        await db.Products.Where(l => l.ShopId == shop).ExecuteDeleteAsync(cancel);
        await db.Customers.Where(o => o.ShopId == shop).ExecuteDeleteAsync(cancel);
        await db.Tombstones.Where(b => b.ShopId == shop).ExecuteDeleteAsync(cancel);
    }

    public async Task<(long Orders, long Quantity, long Price)> SumsAsync(Guid shop, CancellationToken cancel)
    {
        await using var db = Database();
        return (
            await db.Orders.LongCountAsync(o => o.ShopId == shop, cancel),
            await db.OrderLines.Where(l => l.ShopId == shop).SumAsync(l => l.Quantity, cancel),
            await db.Products.Where(p => p.ShopId == shop).SumAsync(p => p.Price, cancel));
    }

    private static StoredRow Product(int i, Random random, long version)
    {
        var id = Id(1, i);
        var name =
            $"{Words[random.Next(Words.Length)]} {Words[random.Next(Words.Length)]} "
                + $"{random.Next(1, 500)}x{random.Next(1, 500)} mm";
        return Stored(Tables.Products, version, ("id", id), ("sku", $"SKU-{i:D6}"), ("name", name), ("unit", "pcs"),
            ("packs", "ctn:12"), ("price", random.Next(100, 500_000)), ("currency", "INR"), ("tax_rate", 1800),
            ("active", 1));
    }

    private static StoredRow Customer(int i, Random random, long version)
    {
        var id = Id(2, i);
        var phone = $"9198{random.Next(10_000_000, 99_999_999)}";
        return Stored(Tables.Customers, version, ("id", id), ("phone", phone), ("chat_id", $"{phone}@c.us"),
            ("name", $"{Words[random.Next(Words.Length)]} & sons {i}"), ("language", "en"), ("words", "{}"));
    }

    private static StoredRow Stored(Table table, long version, params ReadOnlySpan<(string, object?)> values)
    {
        var row = table.Row(values);
        return new StoredRow((string)row[0]!, row, version, null);
    }

    /// <summary>Distributed like the version 7 ids of one day: rising, with random ends.</summary>
    public static string Id(int table, int number) =>
        $"0198{table:x2}{number >> 16 & 0xff:x2}-{number & 0xffff:x4}-7{(number * 7919 & 0xfff):x3}"
            + $"-8{(number * 104729 & 0xfff):x3}"
            + $"-{((ulong)number * 2654435761UL ^ (ulong)table * 40503) & 0xffffffffffff:x12}";
}
