using Sak.Server.Data;
using Sak.Sync.Model;

namespace Sak.Server.Catalog;

/// <summary>A product as people and programs read it.</summary>
/// <param name="Price">Of one base unit, decimal text in <paramref name="Currency"/>, for example "2.35".</param>
/// <param name="TaxRate">Percent.</param>
/// <param name="OnHand">Base units in stock; null when the shop does not count this product.</param>
public sealed record ProductView(
    Guid Id,
    string Sku,
    string Name,
    IReadOnlyList<string> Aliases,
    string Unit,
    IReadOnlyList<Pack> Packs,
    string Price,
    string Currency,
    decimal TaxRate,
    bool Active,
    decimal? OnHand)
{
    public static ProductView Of(ProductRow row) => new(
        row.Id, row.Sku, row.Name, Product.ReadAliases(row.Aliases), row.Unit, Product.ReadPacks(row.Packs),
        new Money(row.Price, row.Currency).Plain, row.Currency, row.TaxRate / 100m, row.Active == 1,
        row.OnHand / 1000m);
}
