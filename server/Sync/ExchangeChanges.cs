using FastEndpoints;
using Sak.Server.Api;
using Sak.Server.Api.Document;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Server.Sync;

/// <summary>
/// <c>POST /api/sync</c>: one exchange pushes at most one batch and pulls what is new. The body is read to its end
/// before a transaction begins, so that a slow line holds no lock.
/// </summary>
public sealed class ExchangeChanges(PushChanges push, PullChanges pull) : ShopEndpoint<EmptyRequest, object?>
{
    private const string Example =
        "{\"protocol\":1,\"schema\":2,\"replica\":\"0199a000-0000-7000-8000-000000000001\",\"since\":0,"
            + "\"check\":false,\"batchId\":null,\"batchSequence\":0,\"tables\":[]}\n{\"end\":0}\n";

    public override void Configure()
    {
        Post("/api/sync");
        Group<Devices>();
        DontAutoSendResponse();
        Description(d => d.Streamed().Accepts<string>(Protocol.ContentType)
            .TakesRaw(Protocol.ContentType, "The head, one line a change, and the number of changes.", Example)
            .Produces<string>(StatusCodes.Status200OK, Protocol.ContentType).Produces(StatusCodes.Status204NoContent)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict,
                StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
                StatusCodes.Status426UpgradeRequired));
        Summary(s => s.Summary = "Pushes at most one batch of changes and pulls what is new, as JSON lines.");
    }

    public override async Task HandleAsync(EmptyRequest _, CancellationToken cancel)
    {
        if (!await RunAsync(HttpContext.Request.Body, () => Open(HttpContext), Caller.ShopId, Caller.Version, push,
            pull, cancel))
            HttpContext.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>One exchange from body to answer; false, and nothing is opened, when nothing is new.</summary>
    /// <param name="version">Where the shop stood when the request came.</param>
    internal static async Task<bool> RunAsync(Stream body, Func<AnswerWriter> open, Guid shop, long version,
        PushChanges push, PullChanges pull, CancellationToken cancel)
    {
        var request = await SyncWire.ReadRequestAsync(body, cancel);
        RefuseUnknown(request.Head);
        var changes = await ReadChangesAsync(request, cancel);
        var answer = request.Head.BatchId is null ? null : await push.ApplyAsync(shop, request.Head, changes, cancel);
        if (answer is null && !PullChanges.HasNews(request.Head, version)) return false;

        using var to = open();
        await pull.WriteAsync(to, shop, request.Head, request.Tables, answer, cancel);
        return true;
    }

    internal static AnswerWriter Open(HttpContext http)
    {
        http.Response.ContentType = Protocol.ContentType;
        return new AnswerWriter(http.Response.Body);
    }

    private static async Task<List<Change>> ReadChangesAsync(SyncRequest request, CancellationToken cancel)
    {
        var changes = new List<Change>();
        await foreach (var change in request.Changes.WithCancellation(cancel))
        {
            if (request.Head.BatchId is null)
                throw new InvalidDataException("The head names no batch, but changes follow.");
            changes.Add(change);
        }

        return changes;
    }

    // A newer schema than this server's is welcome: columns that it does not know are left alone.
    internal static void RefuseUnknown(SyncHead head)
    {
        if (head.Protocol is < 1 or > Protocol.Version)
            throw new SyncRefusedException(
                SyncProblems.Version,
                $"This server speaks sync protocol {Protocol.Version}, the agent {head.Protocol}: update the older of "
                    + $"the two.");
        if (head.Schema < 1) throw new InvalidDataException("The schema's version is below 1.");
    }
}
