using Microsoft.AspNetCore.Mvc;
using Sak.Server.Api;
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
        ProcessMessageRequest request, Caller caller, AnswerTurn answer, CancellationToken cancel)
    {
        if (request.Protocol is < 1 or > Protocol.Version)
            throw new SyncRefusedException(
                SyncProblems.Version,
                $"This server speaks protocol {Protocol.Version}, the agent {request.Protocol}: update the older of "
                    + $"the two.");
        if (RequestBounds.Fault(request) is { } fault) return Problems.BadRequest(fault);
        return TypedResults.Ok(await answer.RunAsync(caller.ShopId, request, cancel));
    }
}
