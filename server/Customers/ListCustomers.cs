using Sak.Server.Api;
using Sak.Server.Data;

namespace Sak.Server.Customers;

/// <summary><c>GET /api/customers?search=&amp;page=&amp;size=</c>: the shop's customers by name.</summary>
public static class ListCustomers
{
    public sealed record CustomerView(Guid Id, string Name, string Phone, string Language, int Orders);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/customers", HandleAsync).For(Roles.Readers).Takes("search", "page", "size")
            .Produces<ListPage<CustomerView>>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Customers of the shop; search looks in name and phone.");

    private static async Task<IResult> HandleAsync(Caller caller, SakDb db, string? search,
        [AsParameters] PageQuery page, CancellationToken cancel)
    {
        if (page.Fault is { } fault) return Problems.BadRequest(fault);
        if (search?.Contains('\0') == true) return Problems.BadRequest("search holds a NUL letter, which no text has.");
        var customers = db.Customers.Where(c => c.ShopId == caller.ShopId);
        if (search?.Trim().ToLowerInvariant() is { Length: > 0 } words)
            customers = customers.Where(c => c.Name.ToLower().Contains(words) || c.Phone.Contains(words));
        var views = customers.OrderBy(c => c.Name).ThenBy(c => c.Id).Select(c => new CustomerView(
            c.Id, c.Name, c.Phone, c.Language, db.Orders.Count(o => o.ShopId == c.ShopId && o.CustomerId == c.Id)));
        var (total, rows) = await page.ReadAsync(views, cancel);
        return TypedResults.Ok(page.Of(total, rows));
    }
}
