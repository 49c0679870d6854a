using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Data;
using Sak.Sync.Files;
using Sak.Sync.Model;

namespace Sak.Server.Catalog;

/// <summary><c>PUT /api/products/{sku}</c>: makes or changes one product; the same again changes nothing.</summary>
public static class SaveProduct
{
    /// <param name="Price">Decimal text, "2.35".</param>
    /// <param name="TaxRate">Percent; left alone when absent.</param>
    /// <param name="Stock">Counted stock in base units; left alone when absent.</param>
    public sealed record Request(
        string Name,
        string Unit,
        string Price,
        IReadOnlyList<string>? Aliases = null,
        IReadOnlyList<Pack>? Packs = null,
        decimal? TaxRate = null,
        decimal? Stock = null,
        bool? Active = null);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/products/{sku}", HandleAsync).For(Roles.Staff).Produces<ProductView>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Makes or changes a product; agents pull it at their next contact.");

    private static async Task<IResult> HandleAsync(HttpContext http, string sku, Request request, Caller caller,
        SakDb db, SaveProducts save, CancellationToken cancel)
    {
        var currency = await db.Shops.Where(s => s.Id == caller.ShopId).Select(s => s.Currency).SingleAsync(cancel);
        var faults = new List<string>();
        if (CatalogRow.Read(Cells(Sku(http, sku), request).GetValueOrDefault, currency, faults) is not { } product)
            return Problems.BadRequest($"The product was not saved: {string.Join("; ", faults)}.", faults);
        await save.SaveAsync(caller.ShopId, currency, [product], cancel);
        var row = await db.Products.SingleAsync(p => p.ShopId == caller.ShopId && p.Sku == product.Sku, cancel);
        return TypedResults.Ok(ProductView.Of(row));
    }

    // A route leaves %2F as it stands, so that a%2Fb and a%252Fb are one to it: only the address as it was sent
    // tells them apart.
    private static string Sku(HttpContext http, string sku)
    {
        if (!sku.Contains("%2F", StringComparison.OrdinalIgnoreCase)) return sku;
        var sent = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].TrimEnd('/');
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
