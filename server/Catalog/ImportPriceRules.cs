using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Data;
using Sak.Sync.Wire;
using Sak.Sync.Files;
using Sak.Sync.Linked;

namespace Sak.Server.Catalog;

/// <summary>
/// <c>POST /api/price-rules/import?zone=Asia/Kolkata</c>: a file of price rules as the body. It is the whole list: all
/// of it holds, or nothing changes.
/// </summary>
public static class ImportPriceRules
{
    private const int MaxBody = 16 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/price-rules/import", HandleAsync).For(Roles.Staff | Roles.Device).Takes("zone")
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody))
            .Produces<SavedRules>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary(
                "Makes a CSV file the shop's price rules: "
                    + "kind,sku,pack,customer,from_quantity,price,percent,cap,from_amount,from,until.");

    /// <param name="zone">Where the days of the file begin, by its IANA name; UTC when it is left out.</param>
    private static async Task<IResult> HandleAsync(HttpRequest request, string? zone, Caller caller, SakDb db,
        SavePriceRules save, CancellationToken cancel)
    {
        if (Zone(zone) is not { } days)
            return Problems.BadRequest("There is no such time zone; give one such as Asia/Kolkata.");
        var currency = await db.Shops.Where(s => s.Id == caller.ShopId).Select(s => s.Currency).SingleAsync(cancel);
        using var text = CsvSplitter.Open(request.Body);
        var table = await PriceRuleFile.SplitAsync(CsvSplitter.SplitAsync(text, cancel, Protocol.MaxFileLines));
        var names = await RuleNamesQuery.FindAsync(db, caller.ShopId, table, cancel);
        var file = PriceRuleFile.Read(table, names, currency, days);
        if (file.Faults.Count > 0)
            return Problems.BadRequest($"Nothing was changed: {file.Faults}; {file.Faults.Kept[0]}.", file.Faults.Kept);
        return TypedResults.Ok(await save.SaveAsync(caller.ShopId, file.Rules, cancel));
    }

    // A name is looked up as a file: nothing that leads out of the zones' folder is.
    private static TimeZoneInfo? Zone(string? name) =>
        name is null or "" ? TimeZoneInfo.Utc
            : char.IsAsciiLetter(name[0])
                && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
                && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
            : null;
}
