using FastEndpoints;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Api.Document;
using Sak.Server.Books;
using Sak.Server.Data;
using Sak.Sync.Model;

namespace Sak.Server.Orders;

/// <summary>
/// <c>GET /api/orders?from=&amp;to=&amp;status=&amp;page=&amp;size=</c>: newest first, with their lines.
/// </summary>
public sealed class ListOrders : ShopEndpoint<ListOrders.Request, ListPage<ListOrders.OrderView>>
{
    public sealed record Request : PageQuery
    {
        /// <summary>The first day, UTC; all from the beginning when it is left out.</summary>
        /// <example>2026-04-01</example>
        [QueryParam]
        public string? From { get; init; }

        /// <summary>The last day, UTC, included; all until now when it is left out.</summary>
        /// <example>2026-04-30</example>
        [QueryParam]
        public string? To { get; init; }

        /// <summary>"confirmed", "cancelled" or "delivered".</summary>
        /// <example>confirmed</example>
        [QueryParam]
        public string? Status { get; init; }

        internal Period Period => new(From, To);

        internal string? Fault =>
            Period.Fault ?? PageFault ?? (Status is null || EnumText.Read<OrderStatus>(Status) is not null ? null
                : $"status \"{Status}\" is not known; use one of {EnumText.List<OrderStatus>()}.");
    }

    public sealed record LineView(string Sku, string Name, decimal Quantity, string Unit, string UnitPrice, string Net,
        string Tax, string Gross, string Words);

    public sealed record OrderView(
        Guid Id, string Number, DateTimeOffset PlacedAt, string Status, string Customer, string Phone,
        string Currency, string Net, string Tax, string Gross, IReadOnlyList<LineView> Lines);

    public override void Configure()
    {
        Get("/api/orders");
        Group<Readers>();
        PreProcessors(new OnlyKnownQuery<Request>());
        Description(d => d.Refuses(StatusCodes.Status400BadRequest));
        Summary(s => s.Summary = "Orders of the shop, newest first.");
    }

    public override Task HandleAsync(Request request, CancellationToken cancel) =>
        request.Fault is { } fault ? RefuseAsync(fault) : ListAsync(request, cancel);

    private async Task ListAsync(Request request, CancellationToken cancel)
    {
        var (db, shop) = (Db, Caller.ShopId);
        var (from, until, status) = (request.Period.First, request.Period.Until, request.Status);
        var orders = db.Orders.Where(
            o => o.ShopId == shop && o.PlacedAt >= from && o.PlacedAt < until
                && (status == null || o.Status == status));
        var (total, rows) = await request.ReadAsync(
            orders.OrderByDescending(o => o.PlacedAt).ThenByDescending(o => o.Number), cancel);
        await Send.OkAsync(request.Of(total, await ViewsAsync(db, shop, rows, cancel)), cancel);
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
