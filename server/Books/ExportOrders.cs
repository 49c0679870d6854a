using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Data;

namespace Sak.Server.Books;

/// <summary>
/// <c>GET /api/exports/orders?from=&amp;to=&amp;format=csv</c>: the accountant's file, read from one snapshot.
/// </summary>
public static class ExportOrders
{
    private const string Csv = "csv";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/exports/orders", HandleAsync).For(Roles.Readers).Takes("from", "to", "format").Streamed()
            .Produces(StatusCodes.Status200OK, contentType: "text/csv").ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Orders of UTC days from and to, both included: one row a line, UTF-8 with byte order mark.");

    private static async Task<IResult> HandleAsync(
        HttpContext http, Caller caller, SakDb db, string? format, [AsParameters] Period period,
        CancellationToken cancel)
    {
        if (period.Fault is { } fault) return Problems.BadRequest(fault);
        if ((format ?? Csv) != Csv) return Problems.BadRequest($"format \"{format}\" is not known; use csv.");
        await using var moment = await ShopRead.BeginAsync(db.Connection, caller.ShopId, null, cancel);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"orders-{period}.csv\"";
        await OrdersCsv.WriteAsync(http.Response.Body, Ledger(db, caller.ShopId, period), cancel);
        return Results.Empty;
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
