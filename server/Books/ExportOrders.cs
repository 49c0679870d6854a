using FastEndpoints;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Api.Document;
using Sak.Server.Data;

namespace Sak.Server.Books;

/// <summary>
/// <c>GET /api/exports/orders?from=&amp;to=&amp;format=csv</c>: the accountant's file, read from one snapshot.
/// </summary>
public sealed class ExportOrders : ShopEndpoint<ExportOrders.Request, object?>
{
    private const string Csv = "csv";

    public sealed record Request
    {
        /// <summary>The first day, UTC; all from the beginning when it is left out.</summary>
        /// <example>2026-04-01</example>
        [QueryParam]
        public string? From { get; init; }

        /// <summary>The last day, UTC, included; all until now when it is left out.</summary>
        /// <example>2026-04-30</example>
        [QueryParam]
        public string? To { get; init; }

        /// <summary>"csv", which is also the default.</summary>
        /// <example>csv</example>
        [QueryParam]
        public string? Format { get; init; }

        internal Period Period => new(From, To);

        internal string? Fault =>
            Period.Fault ?? ((Format ?? Csv) == Csv ? null : $"format \"{Format}\" is not known; use csv.");
    }

    public override void Configure()
    {
        Get("/api/exports/orders");
        Group<Readers>();
        PreProcessors(new OnlyKnownQuery<Request>());
        DontAutoSendResponse();
        Description(d => d.Streamed().Produces<string>(StatusCodes.Status200OK, "text/csv")
            .Refuses(StatusCodes.Status400BadRequest));
        Summary(s => s.Summary =
            "Orders of UTC days from and to, both included: one row a line, UTF-8 with byte order mark.");
    }

    public override Task HandleAsync(Request request, CancellationToken cancel) =>
        request.Fault is { } fault ? RefuseAsync(fault) : ExportAsync(request.Period, cancel);

    private async Task ExportAsync(Period period, CancellationToken cancel)
    {
        var (db, shop, response) = (Db, Caller.ShopId, HttpContext.Response);
        await using var moment = await ShopRead.BeginAsync(db.Connection, shop, null, cancel);
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"orders-{period}.csv\"";
        await OrdersCsv.WriteAsync(response.Body, Ledger(db, shop, period), cancel);
    }

    /// <summary>The rows of the books: one for each order line, in the order in which the orders were placed.</summary>
    private static IAsyncEnumerable<LedgerRow> Ledger(SakDb db, Guid shop, Period period)
    {
        var (from, until) = (period.First, period.Until);
        return (from order in db.Orders
                join line in db.OrderLines on new { order.ShopId, order.Id } equals new { line.ShopId,
                    Id = line.OrderId }
                join customer in db.Customers on new { order.ShopId,
                    Id = order.CustomerId } equals new { customer.ShopId, customer.Id }
                where order.ShopId == shop && order.PlacedAt >= @from && order.PlacedAt < until
                orderby order.PlacedAt, order.Number, line.Position, line.Id
                select new LedgerRow(
                    order.Number, order.PlacedAt, customer.Name, customer.Phone, line.Sku, line.Name, line.Quantity,
                    line.Unit,
                    line.UnitPrice, line.Net, line.Tax, line.Gross, order.Currency, order.Status)).AsAsyncEnumerable();
    }
}

/// <summary>
/// One line of one order. Amounts in minor units of <paramref name="Currency"/>, quantity in thousandths, time
/// in Unix milliseconds.
/// </summary>
public sealed record LedgerRow(
    string Number, long PlacedAt, string Customer, string Phone, string Sku, string Product, long Quantity, string Unit,
    long UnitPrice, long Net, long Tax, long Gross, string Currency, string Status);
