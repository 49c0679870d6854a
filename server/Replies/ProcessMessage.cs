using FastEndpoints;
using Microsoft.AspNetCore.Mvc;
using Sak.Server.Api;
using Sak.Sync.Model;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>
/// <c>POST /api/process-message</c>: what the customer wants, and words to say it. The model answers if there is one
/// and it can; else the same reader as on the PC. The same turn gets the same reply.
/// </summary>
public sealed class ProcessMessage : ShopEndpoint<ProcessMessageRequest, Reply>
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
        if (RequestBounds.Fault(request) is { } fault) await RefuseAsync(fault);
        else await Send.OkAsync(await Resolve<AnswerTurn>().RunAsync(Caller.ShopId, request, cancel), cancel);
    }
}
