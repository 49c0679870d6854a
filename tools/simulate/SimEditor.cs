using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync.Replica;

namespace Sak.Tools.Simulate;

/// <summary>A person who edits the catalog and orders in the cloud, through the server's only way to write.</summary>
public sealed class SimEditor(SimServer server, SimModel model, Random random, SimTrade trade)
{
    private int _number;

    public async Task AnyAsync(CancellationToken cancel)
    {
        await using var db = server.Database();
        await using var write = await ShopWrite.BeginAsync(db.Connection, server.Shop, cancel);
        var products = await db.Products.AsTracking().OrderBy(p => p.Sku).ToListAsync(cancel);
        var what = products.Count == 0 ? 5 : random.Next(6);
        var wrote = what switch
        {
            0 or 1 => Price(products[random.Next(products.Count)], write.Version),
            2 => Name(products[random.Next(products.Count)], write.Version),
            3 => await DeliverAsync(db, write.Version, cancel),
            4 => await DropAsync(db, products[random.Next(products.Count)], write.Version, cancel),
            _ => Add(db, write.Version),
        };
        await db.SaveChangesAsync(cancel);
        await write.CommitAsync(wrote, cancel);
    }

    private bool Price(ProductRow row, long version)
    {
        row.Price = random.Next(1, 100_000);
        model.Edit(Tables.Products, Key(row), "price", row.Price);
        return Touch(row, version);
    }

    private bool Name(ProductRow row, long version)
    {
        row.Name = $"Cloud {random.Next(1_000)}";
        model.Edit(Tables.Products, Key(row), "name", row.Name);
        return Touch(row, version);
    }

    private async Task<bool> DeliverAsync(SakDb db, long version, CancellationToken cancel)
    {
        if (await db.Orders.AsTracking().Where(o => o.Status == "confirmed").OrderBy(o => o.Number)
            .FirstOrDefaultAsync(cancel) is not { } order) return false;
        order.Status = "delivered";
        model.Edit(Tables.Orders, Key(order), "status", order.Status);
        return Touch(order, version);
    }

    private async Task<bool> DropAsync(SakDb db, ProductRow row, long version, CancellationToken cancel)
    {
        if (await db.OrderLines.AnyAsync(l => l.ProductId == row.Id, cancel)
            || await db.StockMovements.AnyAsync(m => m.ProductId == row.Id, cancel)) return false;
        db.Tombstones.Add(
            new TombstoneRow { ShopId = server.Shop, TableName = "products", Id = row.Id, Ver = version });
        await db.SaveChangesAsync(cancel);
        db.Products.Remove(row);
        model.Remove(Tables.Products, Key(row));
        return true;
    }

    private bool Add(SakDb db, long version)
    {
        var values = trade.NewProduct($"E-{++_number}", "INR")[0].Row.ToArray();
        var row = db.Products.Add(new ProductRow { ShopId = server.Shop, Id = Guid.Parse((string)values[0]!),
            Ver = version });
        foreach (var property in row.Metadata.GetProperties())
            if (Tables.Products.IndexOf(property.GetColumnName()) is > 0 and var at)
                row.Property(property.Name).CurrentValue = values[at];
        model.Add(Tables.Products, values);
        return true;
    }

    private static bool Touch(SyncedRow row, long version)
    {
        row.Ver = version;
        row.Origin = null;
        return true;
    }

    private static string Key(SyncedRow row) => row.Id.ToString("D");
}
