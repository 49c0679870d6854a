using Sak.Server.Api;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Server.Sync;

/// <summary>
/// <c>POST /api/sync</c>: one exchange pushes at most one batch and pulls what is new. The body is read to its end
/// before a transaction begins, so that a slow line holds no lock.
/// </summary>
public static class ExchangeChanges
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/sync", HandleAsync)
            .For(Roles.Device)
            .Streamed()
            .Accepts<SyncHead>(Protocol.ContentType)
            .Produces(StatusCodes.Status200OK, contentType: Protocol.ContentType)
            .Produces(StatusCodes.Status204NoContent)
            .WithSummary("Pushes at most one batch of changes and pulls what is new, as JSON lines.");
        routes.MapGet("/api/sync", HandlePullAsync)
            .For(Roles.Device)
            .Streamed()
            .Produces(StatusCodes.Status200OK, contentType: Protocol.ContentType)
            .Produces(StatusCodes.Status204NoContent)
            .WithSummary(
                "Pulls what is new, as JSON lines, for an agent that has nothing to push; its columns follow from its "
                    + "schema.");
    }

    private static async Task<IResult> HandleAsync(HttpContext http, Caller caller, PushChanges push, PullChanges pull,
        CancellationToken cancel) =>
        await RunAsync(http.Request.Body, () => Open(http), caller.ShopId, caller.Version, push, pull, cancel)
            ? Results.Empty
            : TypedResults.NoContent();

    // Short names: every agent asks this every few seconds, and mostly nothing is new.
    private static async Task<IResult> HandlePullAsync(
        HttpContext http, Caller caller, PullChanges pull, int p, int s, Guid r, long v, int? c, string? page, int? n,
        CancellationToken cancel)
    {
        var head = new SyncHead(p, s, r, v >= 0 ? v : throw new InvalidDataException("v is negative"), c == 1, null, 0,
            page is null ? null : PageMark.Parse(page), Totals: n == 1);
        return await PullAsync(() => Open(http), caller.ShopId, caller.Version, head, pull, cancel)
            ? Results.Empty
            : TypedResults.NoContent();
    }

    /// <summary>What a request without a body asks for; false, and nothing is opened, when nothing is new.</summary>
    /// <param name="version">Where the shop stood when the request came.</param>
    internal static async Task<bool> PullAsync(Func<AnswerWriter> open, Guid shop, long version, SyncHead head,
        PullChanges pull, CancellationToken cancel)
    {
        RefuseUnknown(head);
        if (!PullChanges.HasNews(head, version)) return false;
        using var to = open();
        await pull.WriteAsync(to, shop, head, WireTable.Of(head.Schema), null, cancel);
        return true;
    }

    /// <summary>One exchange from body to answer; false, and nothing is opened, when nothing is new.</summary>
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

    private static AnswerWriter Open(HttpContext http)
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
    private static void RefuseUnknown(SyncHead head)
    {
        if (head.Protocol is < 1 or > Protocol.Version)
            throw new SyncRefusedException(
                SyncProblems.Version,
                $"This server speaks sync protocol {Protocol.Version}, the agent {head.Protocol}: update the older of "
                    + $"the two.");
        if (head.Schema < 1) throw new InvalidDataException("The schema's version is below 1.");
    }
}
