using FastEndpoints;
using Sak.Server.Api;
using Sak.Server.Api.Document;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Server.Sync;

/// <summary>
/// <c>GET /api/sync</c>: what is new, for an agent that has nothing to push; its columns follow from its schema.
/// </summary>
public sealed class FetchChanges(PullChanges pull) : ShopEndpoint<FetchChanges.Request, object?>
{
    /// <summary>Short names: every agent asks this every few seconds, and mostly nothing is new.</summary>
    public sealed record Request
    {
        /// <summary>The protocol that the agent speaks.</summary>
        /// <example>1</example>
        [QueryParam, BindFrom("p")]
        public int Protocol { get; init; }

        /// <summary>The version of its tables.</summary>
        /// <example>2</example>
        [QueryParam, BindFrom("s")]
        public int Schema { get; init; }

        /// <summary>The replica's id.</summary>
        /// <example>0199a000-0000-7000-8000-000000000001</example>
        [QueryParam, BindFrom("r")]
        public Guid Replica { get; init; }

        /// <summary>The shop's version that it has, 0 for nothing yet.</summary>
        /// <example>0</example>
        [QueryParam, BindFrom("v")]
        public long Since { get; init; }

        /// <summary>1: with checksums of all tables.</summary>
        /// <example>1</example>
        [QueryParam, BindFrom("c")]
        public int? Check { get; init; }

        /// <summary>Where a first load goes on: a place that an answer gave, or "//0" for its start.</summary>
        /// <example>//0</example>
        [QueryParam, BindFrom("page")]
        public string? Page { get; init; }

        /// <summary>1: with the numbers of rows to come, for progress.</summary>
        /// <example>1</example>
        [QueryParam, BindFrom("n")]
        public int? Totals { get; init; }
    }

    public override void Configure()
    {
        Get("/api/sync");
        Group<Devices>();
        DontAutoSendResponse();
        Description(d => d.Streamed()
            .Produces<string>(StatusCodes.Status200OK, Protocol.ContentType).Produces(StatusCodes.Status204NoContent)
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status426UpgradeRequired));
        Summary(s => s.Summary = "Pulls what is new, as JSON lines, for an agent that has nothing to push; its columns "
            + "follow from its schema.");
    }

    public override async Task HandleAsync(Request request, CancellationToken cancel)
    {
        var since = request.Since >= 0 ? request.Since : throw new InvalidDataException("v is negative");
        var page = request.Page is null ? null : PageMark.Parse(request.Page);
        var head = new SyncHead(request.Protocol, request.Schema, request.Replica, since, request.Check == 1, null, 0,
            page, Totals: request.Totals == 1);
        if (!await RunAsync(() => ExchangeChanges.Open(HttpContext), Caller.ShopId, Caller.Version, head, pull, cancel))
            HttpContext.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>What a request without a body asks for; false, and nothing is opened, when nothing is new.</summary>
    /// <param name="version">Where the shop stood when the request came.</param>
    internal static async Task<bool> RunAsync(Func<AnswerWriter> open, Guid shop, long version, SyncHead head,
        PullChanges pull, CancellationToken cancel)
    {
        ExchangeChanges.RefuseUnknown(head);
        if (!PullChanges.HasNews(head, version)) return false;
        using var to = open();
        await pull.WriteAsync(to, shop, head, WireTable.Of(head.Schema), null, cancel);
        return true;
    }
}
