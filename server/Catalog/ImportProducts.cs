using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Data;
using Sak.Sync.Wire;
using Sak.Sync.Files;
using Sak.Sync.Linked;

namespace Sak.Server.Catalog;

/// <summary>
/// <c>POST /api/products/import</c>: a catalog file as the body. All of it is written, or nothing and every
/// fault is named.
/// </summary>
public static class ImportProducts
{
    private const int MaxBody = 16 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/products/import", HandleAsync).For(Roles.Staff | Roles.Device).Takes()
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody))
            .Produces<Saved>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Imports a CSV file: sku,name,aliases,unit,pack,price and, if wanted, tax_rate,stock,active.");

    private static async Task<IResult> HandleAsync(HttpRequest request, Caller caller, SakDb db, SaveProducts save,
        CancellationToken cancel)
    {
        var currency = await db.Shops.Where(s => s.Id == caller.ShopId).Select(s => s.Currency).SingleAsync(cancel);
        using var text = CsvSplitter.Open(request.Body);
        var file = await CatalogFile.ReadAsync(CsvSplitter.SplitAsync(text, cancel, Protocol.MaxFileLines), currency);
        if (file.Faults.Count > 0)
            return Problems.BadRequest($"Nothing was imported: {file.Faults}; {file.Faults.Kept[0]}.",
                file.Faults.Kept);
        return TypedResults.Ok(await save.SaveAsync(caller.ShopId, currency, file.Rows, cancel));
    }
}
