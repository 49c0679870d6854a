using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Books;
using Sak.Server.Data;
using Sak.Sync.Model;

namespace Sak.Server.Orders;

/// <summary>
/// <c>GET /api/orders?from=&amp;to=&amp;status=&amp;page=&amp;size=</c>: newest first, with their lines.
/// </summary>
public static class ListOrders
{
    public sealed record LineView(string Sku, string Name, decimal Quantity, string Unit, string UnitPrice, string Net,
        string Tax, string Gross, string Words);

    public sealed record OrderView(
        Guid Id, string Number, DateTimeOffset PlacedAt, string Status, string Customer, string Phone,
        string Currency, string Net, string Tax, string Gross, IReadOnlyList<LineView> Lines);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/orders", HandleAsync).For(Roles.Readers).Takes("from", "to", "status", "page", "size")
            .Produces<ListPage<OrderView>>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Orders of the shop, newest first.");

    private static async Task<IResult> HandleAsync(
        Caller caller, SakDb db, string? status, [AsParameters] Period period, [AsParameters] PageQuery page,
        CancellationToken cancel)
    {
        if ((period.Fault ?? page.Fault) is { } fault) return Problems.BadRequest(fault);
        if (status is not null && EnumText.Read<OrderStatus>(status) is null)
            return Problems.BadRequest(
                $"status \"{status}\" is not known; use one of {EnumText.List<OrderStatus>()}.");
        var (from, until) = (period.First, period.Until);
        var orders = db.Orders.Where(
            o => o.ShopId == caller.ShopId && o.PlacedAt >= from && o.PlacedAt < until
                && (status == null || o.Status == status));
        var (total, rows) = await page.ReadAsync(
            orders.OrderByDescending(o => o.PlacedAt).ThenByDescending(o => o.Number), cancel);
        return TypedResults.Ok(page.Of(total, await ViewsAsync(db, caller.ShopId, rows, cancel)));
    }

    private static async Task<List<OrderView>> ViewsAsync(SakDb db, Guid shop, List<OrderRow> orders,
        CancellationToken cancel)
    {
        var ids = orders.ConvertAll(o => o.Id);
        var who = orders.Select(o => o.CustomerId).Distinct().ToList();
        var lines = await db.OrderLines.Where(l => l.ShopId == shop && ids.Contains(l.OrderId)).OrderBy(l => l.Position)
            .ToListAsync(cancel);
        var ofOrder = lines.ToLookup(l => l.OrderId);
        var customers = await db.Customers.Where(c => c.ShopId == shop && who.Contains(c.Id))
            .ToDictionaryAsync(c => c.Id, cancel);
        // An order that was deleted with its customer between these reads is left out.
        return [.. orders.Where(o => customers.ContainsKey(o.CustomerId))
            .Select(o => View(o, customers[o.CustomerId], ofOrder[o.Id]))];
    }

    private static OrderView View(OrderRow order, CustomerRow customer, IEnumerable<OrderLineRow> lines)
    {
        string Amount(long minor) => new Money(minor, order.Currency).Plain;
        return new OrderView(
            order.Id, order.Number, DateTimeOffset.FromUnixTimeMilliseconds(order.PlacedAt), order.Status,
            customer.Name, customer.Phone, order.Currency,
            Amount(order.Net), Amount(order.Tax), Amount(order.Gross),
            [.. lines.Select(l => new LineView(
                l.Sku, l.Name, l.Quantity / 1000m, l.Unit, Amount(l.UnitPrice), Amount(l.Net), Amount(l.Tax),
                Amount(l.Gross), l.Words))]);
    }
}
