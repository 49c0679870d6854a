using System.Data.Common;
using FastEndpoints;
using Sak.Server.Data;

namespace Sak.Server.Api;

/// <summary><c>GET /health</c>: 200 when the database answers, else 503. No key, and nothing of any shop.</summary>
public sealed class Health(ShopConnection db) : EndpointWithoutRequest<Health.State>
{
    /// <param name="Database">"ok" or "away" (can't be reached).</param>
    public sealed record State(string Status, string Database, string Engine);

    public override void Configure()
    {
        Get("/health");
        Group<Anybody>();
        Description(d => d.Produces<State>(StatusCodes.Status503ServiceUnavailable));
        Summary(s => s.Summary = "Whether the server and its database answer.");
    }

    public override async Task HandleAsync(CancellationToken cancel)
    {
        db.EnterKeys();
        var ok = await AnswersAsync(cancel);
        await Send.ResponseAsync(new State(ok ? "ok" : "failing", ok ? "ok" : "away", db.Dialect.Engine),
            ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, cancel);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            return await db.AskAsync(db.Command("SELECT COUNT(*) FROM shop_versions WHERE 1 = 0"),
                row => row.ReadAsync(cancel), cancel);
        }
        // InvalidOperationException is what SQL Server's pool throws when no connection becomes free.
        catch (Exception away) when (away is DbException or InvalidOperationException)
        {
            return false;
        }
    }
}
