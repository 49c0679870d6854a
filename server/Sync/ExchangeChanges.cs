using Sak.Server.Shops;
using Sak.Sync;
using Sak.Sync.Wire;

namespace Sak.Server.Sync;

/// <summary>
/// <c>POST /api/sync</c>: one exchange pushes at most one batch and pulls what is new. The body is read to its end before a
/// transaction begins, so that a slow line holds no lock.
/// </summary>
public static class ExchangeChanges
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/sync", HandleAsync)
            .For(Roles.Device)
            .Accepts<SyncHead>(Protocol.ContentType)
            .Produces(StatusCodes.Status200OK, contentType: Protocol.ContentType)
            .Produces(StatusCodes.Status204NoContent)
            .WithSummary("Pushes at most one batch of changes and pulls what is new, as JSON lines.");

    private static async Task<IResult> HandleAsync(HttpContext http, Caller caller, PushChanges push, PullChanges pull, CancellationToken cancel)
    {
        Stream Open()
        {
            http.Response.ContentType = Protocol.ContentType;
            return http.Response.Body;
        }

        return await RunAsync(http.Request.Body, Open, caller.ShopId, push, pull, cancel) ? Results.Empty : TypedResults.NoContent();
    }

    /// <summary>One exchange from body to answer; false, and nothing is opened, when nothing is new.</summary>
    internal static async Task<bool> RunAsync(Stream body, Func<Stream> open, Guid shop, PushChanges push, PullChanges pull, CancellationToken cancel)
    {
        var request = await SyncWire.ReadRequestAsync(body, cancel);
        RefuseNewer(request.Head);
        var changes = await ReadChangesAsync(request, cancel);
        var answer = request.Head.BatchId is null ? null : await push.ApplyAsync(shop, request.Head, changes, cancel);
        if (answer is null && !request.Head.Check && !await pull.HasNewsAsync(shop, request.Head, cancel)) return false;

        await SyncWire.WriteAnswerAsync(open(), pull.ReadAsync(shop, request.Head, request.Tables, answer, cancel), cancel);
        return true;
    }

    private static async Task<List<Change>> ReadChangesAsync(SyncRequest request, CancellationToken cancel)
    {
        var changes = new List<Change>();
        await foreach (var change in request.Changes.WithCancellation(cancel))
        {
            if (request.Head.BatchId is null) throw new InvalidDataException("The head names no batch, but changes follow.");
            if (changes.Count > 0 && change.Sequence <= changes[^1].Sequence)
                throw new InvalidDataException($"Change {change.Sequence} comes after {changes[^1].Sequence}; sequences must rise.");
            changes.Add(change);
        }

        return changes;
    }

    private static void RefuseNewer(SyncHead head)
    {
        if (head.Protocol is < 1 or > Protocol.Version)
            throw new SyncRefusedException(
                SyncProblems.Version, $"This server speaks sync protocol {Protocol.Version}, the agent {head.Protocol}: update the older of the two.");
        if (head.Schema is < 1 or > Tables.SchemaVersion)
            throw new SyncRefusedException(
                SyncProblems.Version, $"This server knows schema {Tables.SchemaVersion}, the agent has {head.Schema}: update the server first.");
    }
}
