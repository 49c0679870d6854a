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
/// <c>POST /api/price-rules/import?zone=Asia/Kolkata</c>: a file of price rules as the body. It is the whole list: all
/// of it holds, or nothing changes.
/// </summary>
public sealed class ImportPriceRules : ShopEndpoint<ImportPriceRules.Request, SavedRules>
{
    private const int MaxBody = 16 * 1024 * 1024;

    private const string Example = "kind,sku,pack,customer,from_quantity,price,percent,cap,from_amount,from,until\n"
        + "discount,,,,,,5,,1000.00,,\n";

    public sealed record Request
    {
        /// <summary>Where the days of the file begin, by its IANA name; UTC when it is left out.</summary>
        /// <example>Asia/Kolkata</example>
        [QueryParam]
        public string? Zone { get; init; }
    }

    public override void Configure()
    {
        Post("/api/price-rules/import");
        Group<Importers>();
        PreProcessors(new OnlyKnownQuery<Request>());
        Description(d => d.WithMetadata(new RequestSizeLimitAttribute(MaxBody))
            .TakesRaw("text/csv", "A file of price rules, at most 16 MB; it is the whole list.", Example)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge));
        Summary(s => s.Summary = "Makes a CSV file the shop's price rules: "
            + "kind,sku,pack,customer,from_quantity,price,percent,cap,from_amount,from,until.");
    }

    public override Task HandleAsync(Request request, CancellationToken cancel) =>
        Zone(request.Zone) is { } days
            ? ImportAsync(days, cancel)
            : RefuseAsync("There is no such time zone; give one such as Asia/Kolkata.");

    private async Task ImportAsync(TimeZoneInfo days, CancellationToken cancel)
    {
        var (db, shop) = (Db, Caller.ShopId);
        var currency = await db.Shops.Where(s => s.Id == shop).Select(s => s.Currency).SingleAsync(cancel);
        using var text = CsvSplitter.Open(HttpContext.Request.Body);
        var table = await PriceRuleFile.SplitAsync(CsvSplitter.SplitAsync(text, cancel, Protocol.MaxFileLines));
        var names = await RuleNamesQuery.FindAsync(db, shop, table, cancel);
        var file = PriceRuleFile.Read(table, names, currency, days);
        if (file.Faults.Count > 0)
            await RefuseAsync($"Nothing was changed: {file.Faults}; {file.Faults.Kept[0]}.", file.Faults.Kept);
        else
            await Send.OkAsync(await Resolve<SavePriceRules>().SaveAsync(shop, file.Rules, cancel), cancel);
    }

    // A name is looked up as a file: nothing that leads out of the zones' folder is.
    private static TimeZoneInfo? Zone(string? name) =>
        name is null or "" ? TimeZoneInfo.Utc
            : char.IsAsciiLetter(name[0])
                && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
                && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
            : null;
}
