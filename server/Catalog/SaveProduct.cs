using System.Globalization;
using FastEndpoints;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Sync.Files;
using Sak.Sync.Model;

namespace Sak.Server.Catalog;

/// <summary><c>PUT /api/products/{sku}</c>: makes or changes one product; the same again changes nothing.</summary>
public sealed class SaveProduct : ShopEndpoint<SaveProduct.Request, ProductView>
{
    /// <param name="Price">Decimal text, "2.35".</param>
    /// <param name="TaxRate">Percent; unchanged when absent.</param>
    /// <param name="Stock">Counted stock in base units; unchanged when absent.</param>
    public sealed record Request(
        string Name,
        string Unit,
        string Price,
        IReadOnlyList<string>? Aliases = null,
        IReadOnlyList<Pack>? Packs = null,
        decimal? TaxRate = null,
        decimal? Stock = null,
        bool? Active = null);

    public override void Configure()
    {
        Put("/api/products/{sku}");
        Group<Staff>();
        Description(d => d.Refuses(400, 413, 415));
        Summary(s =>
        {
            s.Summary = "Makes or changes a product; agents pull it at their next contact.";
            s.Params["sku"] = "The product's SKU; a new one makes a new product.";
            s.ExampleRequest = new Request("Basmati rice", "kg", "120.00", ["chawal"], [new Pack("bag", 25)],
                TaxRate: 5, Stock: 40);
        });
    }

    public override async Task HandleAsync(Request request, CancellationToken cancel)
    {
        var shop = Caller.ShopId;
        var currency = await Db.Shops.Where(s => s.Id == shop).Select(s => s.Currency).SingleAsync(cancel);
        var faults = new List<string>();
        if (CatalogRow.Read(Cells(Sku(), request).GetValueOrDefault, currency, faults) is not { } product)
        {
            await RefuseAsync($"The product was not saved: {string.Join("; ", faults)}.", faults);
            return;
        }

        await Resolve<SaveProducts>().SaveAsync(shop, currency, [product], cancel);
        var row = await Db.Products.SingleAsync(p => p.ShopId == shop && p.Sku == product.Sku, cancel);
        await Send.OkAsync(ProductView.Of(row), cancel);
    }

    // A route does not decode %2F, so a%2Fb and a%252Fb look the same in it. Only the address as it was sent shows the
    // difference.
    private string Sku()
    {
        var sku = Route<string>("sku")!;
        if (!sku.Contains("%2F", StringComparison.OrdinalIgnoreCase)) return sku;
        var sent = HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].TrimEnd('/');
        return Uri.UnescapeDataString(sent[(sent.LastIndexOf('/') + 1)..]);
    }

    // As the line of a catalog file that says the same.
    private static Dictionary<string, string?> Cells(string sku, Request request) => new()
    {
        ["sku"] = sku,
        ["name"] = request.Name,
        ["aliases"] = string.Join('|', request.Aliases ?? []),
        ["unit"] = request.Unit,
        ["pack"] = Product.WritePacks(request.Packs ?? []),
        ["price"] = request.Price,
        ["tax_rate"] = request.TaxRate?.ToString(CultureInfo.InvariantCulture),
        ["stock"] = request.Stock?.ToString(CultureInfo.InvariantCulture),
        ["active"] = request.Active?.ToString(),
    };
}
