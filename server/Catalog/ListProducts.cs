using Sak.Server.Api;
using Sak.Server.Data;

namespace Sak.Server.Catalog;

/// <summary><c>GET /api/products?search=&amp;page=&amp;size=</c>: the shop's products by SKU.</summary>
public static class ListProducts
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/products", HandleAsync).For(Roles.Readers).Takes("search", "page", "size")
            .Produces<ListPage<ProductView>>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Products of the shop; search looks in SKU, name and aliases.");

    private static async Task<IResult> HandleAsync(Caller caller, SakDb db, string? search,
        [AsParameters] PageQuery page, CancellationToken cancel)
    {
        if (page.Fault is { } fault) return Problems.BadRequest(fault);
        if (search?.Contains('\0') == true) return Problems.BadRequest("search holds a NUL letter, which no text has.");
        var products = db.Products.Where(p => p.ShopId == caller.ShopId);
        if (search?.Trim().ToLowerInvariant() is { Length: > 0 } words)
            products = products.Where(
                p => p.Sku.ToLower().Contains(words) || p.Name.ToLower().Contains(words)
                    || p.Aliases.ToLower().Contains(words));
        var (total, rows) = await page.ReadAsync(products.OrderBy(p => p.Sku), cancel);
        return TypedResults.Ok(page.Of(total, rows.ConvertAll(ProductView.Of)));
    }
}
