using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync.Files;
using Sak.Sync.Model;

namespace Sak.Server.Catalog;

/// <summary>Looks up the products and customers that a file of price rules names, and no others.</summary>
internal static class RuleNamesQuery
{
    private const int InQuery = 1_000;

    public static async Task<RuleNames> FindAsync(SakDb db, Guid shop, CsvTable file, CancellationToken cancel)
    {
        // A row of a wrong form may hold what no database takes, such as a NUL.
        var lines = file.Rows.Where(row => row.Fault is null).ToList();
        var products = new Dictionary<string, Product>();
        foreach (var skus in lines.Select(l => l.Cell("sku")).Distinct().Chunk(InQuery))
            foreach (var row in await db.Products.AsNoTracking().Where(p => p.ShopId == shop && skus.Contains(p.Sku))
                .ToListAsync(cancel))
                products[row.Sku] = ShopCatalog.Read(row);
        var customers = new HashSet<(Guid Id, string Name, string Phone)>();
        foreach (var named in lines.Select(l => l.Cell("customer")).Where(n => n.Length > 0).Distinct().Chunk(InQuery))
        {
            var phones = named.Select(Digits).Where(d => d.Length > 0).ToList();
            foreach (var row in await db.Customers.AsNoTracking()
                .Where(c => c.ShopId == shop && (named.Contains(c.Name) || phones.Contains(c.Phone)))
                .ToListAsync(cancel))
                customers.Add((row.Id, row.Name, row.Phone));
        }

        var byName = customers.ToLookup(c => c.Name);
        var byPhone = customers.ToLookup(c => c.Phone);
        return new RuleNames(products.GetValueOrDefault, name => Digits(name) is var digits
            && byName[name].Concat(digits.Length > 0 ? byPhone[digits] : []).Distinct().ToList() is [var one]
            ? one.Id
            : null);
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
