using FastEndpoints;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Api.Document;
using Sak.Sync.Wire;
using Sak.Sync.Files;
using Sak.Sync.Linked;

namespace Sak.Server.Catalog;

/// <summary>
/// <c>POST /api/products/import</c>: a catalog file as the body. All of it is written, or nothing and every
/// fault is named.
/// </summary>
public sealed class ImportProducts : ShopEndpoint<EmptyRequest, Saved>
{
    private const int MaxBody = 16 * 1024 * 1024;

    private const string Example = "sku,name,aliases,unit,pack,price\nRICE-1,Basmati rice,chawal,kg,bag:25,120.00\n";

    public override void Configure()
    {
        Post("/api/products/import");
        Group<Importers>();
        PreProcessors(new OnlyKnownQuery<EmptyRequest>());
        Description(d => d.WithMetadata(new RequestSizeLimitAttribute(MaxBody))
            .TakesRaw("text/csv", "A catalog file, at most 16 MB.", Example)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge));
        Summary(s => s.Summary =
            "Imports a CSV file: sku,name,aliases,unit,pack,price and, if wanted, tax_rate,stock,active.");
    }

    public override async Task HandleAsync(EmptyRequest _, CancellationToken cancel)
    {
        var shop = Caller.ShopId;
        var currency = await Db.Shops.Where(s => s.Id == shop).Select(s => s.Currency).SingleAsync(cancel);
        using var text = CsvSplitter.Open(HttpContext.Request.Body);
        var file = await CatalogFile.ReadAsync(CsvSplitter.SplitAsync(text, cancel, Protocol.MaxFileLines), currency);
        if (file.Faults.Count > 0)
            await RefuseAsync($"Nothing was imported: {file.Faults}; {file.Faults.Kept[0]}.", file.Faults.Kept);
        else
            await Send.OkAsync(await Resolve<SaveProducts>().SaveAsync(shop, currency, file.Rows, cancel), cancel);
    }
}
