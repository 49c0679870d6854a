using FastEndpoints;
using Sak.Server.Api;
using Sak.Server.Api.Document;

namespace Sak.Server.Catalog;

/// <summary><c>GET /api/products?search=&amp;page=&amp;size=</c>: the shop's products by SKU.</summary>
public sealed class ListProducts : ShopEndpoint<ListProducts.Request, ListPage<ProductView>>
{
    public sealed record Request : SearchQuery;

    public override void Configure()
    {
        Get("/api/products");
        Group<Readers>();
        PreProcessors(new OnlyKnownQuery<Request>());
        Description(d => d.Refuses(StatusCodes.Status400BadRequest));
        Summary(s => s.Summary = "Products of the shop; search looks in SKU, name and aliases.");
    }

    public override Task HandleAsync(Request request, CancellationToken cancel) =>
        request.Fault is { } fault ? RefuseAsync(fault) : ListAsync(request, cancel);

    private async Task ListAsync(Request request, CancellationToken cancel)
    {
        var products = Db.Products.Where(p => p.ShopId == Caller.ShopId);
        if (request.Words is { } words)
            products = products.Where(
                p => p.Sku.ToLower().Contains(words) || p.Name.ToLower().Contains(words)
                    || p.Aliases.ToLower().Contains(words));
        var (total, rows) = await request.ReadAsync(products.OrderBy(p => p.Sku), cancel);
        await Send.OkAsync(request.Of(total, rows.ConvertAll(ProductView.Of)), cancel);
    }
}
