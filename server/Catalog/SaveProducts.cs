using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync.Files;
using Sak.Sync.Model;

namespace Sak.Server.Catalog;

/// <summary>What a save did.</summary>
public sealed record Saved(int Added, int Changed, int Unchanged);

/// <summary>
/// Writes products from the cloud's side: one transaction, stamped with the shop's next version, so that agents pull
/// what changed and only that. Saving the same again changes nothing.
/// </summary>
public sealed class SaveProducts(SakDb db, TimeProvider clock)
{
    public async Task<Saved> SaveAsync(Guid shop, string currency, IReadOnlyList<CatalogRow> products,
        CancellationToken cancel)
    {
        await using var write = await ShopWrite.BeginAsync(db.Connection, shop, cancel);
        var existing = await FindAsync(shop, products, cancel);
        var (added, changed) = (0, 0);
        foreach (var product in products)
        {
            var isNew = !existing.TryGetValue(product.Sku, out var row);
            row ??= New(shop, product.Sku);
            var touched = Set(row, product, currency) | Count(row, product.Stock, write.Version);
            if (isNew) added++;
            else if (touched) changed++;
            if (!touched && !isNew) continue;
            row.Ver = write.Version;
            row.Origin = null;
        }

        await db.SaveChangesAsync(cancel);
        await write.CommitAsync(added + changed > 0, cancel);
        return new Saved(added, changed, products.Count - added - changed);
    }

    private async Task<Dictionary<string, ProductRow>> FindAsync(Guid shop, IReadOnlyList<CatalogRow> products,
        CancellationToken cancel)
    {
        var found = new Dictionary<string, ProductRow>();
        foreach (var skus in products.Select(p => p.Sku).Chunk(1_000))
            foreach (var row in await db.Products.AsTracking().Where(p => p.ShopId == shop && skus.Contains(p.Sku))
                .ToListAsync(cancel))
                found.Add(row.Sku, row);
        return found;
    }

    private ProductRow New(Guid shop, string sku)
    {
        var row = new ProductRow { ShopId = shop, Id = Ids.New(clock), Sku = sku, Active = 1 };
        db.Products.Add(row);
        return row;
    }

    private static bool Set(ProductRow row, CatalogRow product, string currency)
    {
        var before = (row.Name, row.Aliases, row.Unit, row.Packs, row.Price, row.Currency, row.TaxRate, row.Active);
        (row.Name, row.Aliases, row.Unit, row.Packs) = (product.Name, product.Aliases, product.Unit, product.Packs);
        (row.Price, row.Currency) = (product.Price, currency);
        row.TaxRate = product.TaxRate ?? row.TaxRate;
        row.Active = product.Active switch { true => 1, false => 0, null => row.Active };
        return before != (row.Name, row.Aliases, row.Unit, row.Packs, row.Price, row.Currency, row.TaxRate, row.Active);
    }

    // A count is a movement of the difference: stock stays the sum of its movements.
    private bool Count(ProductRow row, long? stock, long version)
    {
        if (stock is not { } counted || counted == row.OnHand) return false;
        var difference = counted - (row.OnHand ?? 0);
        db.StockMovements.Add(new StockMovementRow
        {
            ShopId = row.ShopId,
            Id = Ids.New(clock),
            ProductId = row.Id,
            Quantity = difference,
            Reason = StockReason.Counted.Text(),
            At = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            Ver = version,
        });
        row.OnHand = counted;
        return true;
    }
}
