using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Catalog;
using Sak.Server.Data;
using Sak.Sync.Answering;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>
/// <c>POST /api/process-message</c>: what the customer wants, and words to say it. The model answers if there is one
/// and it can; else the same reader as on the PC. The same turn gets the same reply.
/// </summary>
public static class ProcessMessage
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/process-message", HandleAsync).For(Roles.Device)
            .WithMetadata(new RequestSizeLimitAttribute(Protocol.MaxTurnBody))
            .Produces<Reply>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary(
                "Reads one turn of a customer and answers with text and intents, never with a price of its own.");

    private static async Task<IResult> HandleAsync(
        ProcessMessageRequest request, Caller caller, SakDb db, ShopCatalogs catalogs, TurnReplies replies,
        TimeProvider clock, CancellationToken cancel)
    {
        if (request.Protocol is < 1 or > Protocol.Version)
            throw new SyncRefusedException(
                SyncProblems.Version,
                $"This server speaks protocol {Protocol.Version}, the agent {request.Protocol}: update the older of "
                    + $"the two.");
        if (RequestBounds.Fault(request) is { } fault) return Problems.BadRequest(fault);
        if (await replies.FindAsync(caller.ShopId, request.TurnId, cancel) is { } known) return TypedResults.Ok(known);

        var shop = await db.Shops.SingleAsync(s => s.Id == caller.ShopId, cancel);
        var catalog = await catalogs.GetAsync(db, shop.Id, cancel);
        var rules = await ShopRules.GetAsync(db, shop, request.CustomerId, clock.GetUtcNow(), cancel);
        var reply = await replies.AskModelAsync(shop.Id, request, catalog, rules, cancel)
            ?? await ReaderReply.AnswerAsync(request, catalog, new ShopFacts(shop.Name, shop.Phone, "", "", rules),
                cancel);
        return TypedResults.Ok(await replies.KeepAsync(shop.Id, request.TurnId, reply, cancel));
    }
}
