using FastEndpoints;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Catalog;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>
/// <c>POST /api/process-message</c>: what the customer wants, and words to say it. The model answers if there is one
/// and it can; else the same reader as on the PC. The same turn gets the same reply.
/// </summary>
public sealed class ProcessMessage(ShopCatalogs catalogs, TimeProvider clock)
    : ShopEndpoint<ProcessMessageRequest, Reply>
{
    public override void Configure()
    {
        Post("/api/process-message");
        Group<Devices>();
        Description(d => d.WithMetadata(new RequestSizeLimitAttribute(Protocol.MaxTurnBody))
            .Refuses(400, 413, 415, 426));
        Summary(s =>
        {
            s.Summary =
                "Reads one turn of a customer and answers with text and intents, never with a price of its own.";
            s.ExampleRequest = new ProcessMessageRequest(Protocol.Version,
                Guid.Parse("0199a000-0000-7000-8000-000000000002"),
                [new TurnMessage("false_919800000001@c.us_3EB0", "2 kg rice", DateTimeOffset.UnixEpoch)], [],
                BasketState.Empty, [], "en", new Dictionary<string, string>(), PriceVersion: 0);
        });
    }

    public override async Task HandleAsync(ProcessMessageRequest request, CancellationToken cancel)
    {
        if (request.Protocol is < 1 or > Protocol.Version)
            throw new SyncRefusedException(
                SyncProblems.Version,
                $"This server speaks protocol {Protocol.Version}, the agent {request.Protocol}: update the older of "
                    + $"the two.");
        if (RequestBounds.Fault(request) is { } fault)
        {
            await RefuseAsync(fault);
            return;
        }

        var replies = Resolve<TurnReplies>();
        await Send.OkAsync(await replies.FindAsync(Caller.ShopId, request.TurnId, cancel)
            ?? await AnswerAsync(request, replies, cancel), cancel);
    }

    private async Task<Reply> AnswerAsync(ProcessMessageRequest request, TurnReplies replies, CancellationToken cancel)
    {
        var db = Db;
        var shop = await db.Shops.SingleAsync(s => s.Id == Caller.ShopId, cancel);
        var catalog = await catalogs.GetAsync(db, shop.Id, cancel);
        var rules = await ShopRules.GetAsync(db, shop, request.CustomerId, clock.GetUtcNow(), cancel);
        var reply = await replies.AskModelAsync(shop.Id, request, catalog, rules, cancel)
            ?? await ReaderReply.AnswerAsync(request, catalog, new ShopFacts(shop.Name, shop.Phone, "", "", rules),
                cancel);
        return await replies.KeepAsync(shop.Id, request.TurnId, reply, cancel);
    }
}
