using Sak.Agent.Status;

namespace Sak.Agent.Dashboard;

internal static class CatalogView
{
    public const string None =
        "The catalog is empty: SAK has nothing to sell. Import products on the server; they arrive here by themselves.";

    public static IReadOnlyList<SheetColumn<ProductSummary>> Columns { get; } =
    [
        new("Code", p => p.Sku, Most: 16, Style: _ => Ink.Bold),
        new("Product", p => p.Name),
        new("Price", p => p.Price, Most: 18, Right: true),
        new("Per", p => p.Unit, Most: 8),
        new("Packs", p => p.Packs, Most: 24, From: 90),
        new("In stock", p => p.OnHand, Most: 12, From: 60, Right: true,
            Style: p => p.OnHand.StartsWith('-') || p.OnHand == "0" ? Ink.Bad : Ink.Plain),
    ];
}
