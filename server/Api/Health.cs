using System.Data.Common;
using Sak.Server.Data;

namespace Sak.Server.Api;

/// <summary><c>GET /health</c>: 200 when the database answers, else 503. No key, and nothing of any shop.</summary>
public static class Health
{
    /// <param name="Database">"ok" or "away" (can't be reached).</param>
    public sealed record State(string Status, string Database, string Engine);

    public static void Map(IEndpointRouteBuilder routes) =>
        ShopAuth.Open(routes.MapGet("/health", HandleAsync)).Produces<State>()
            .Produces<State>(StatusCodes.Status503ServiceUnavailable)
            .WithSummary("Whether the server and its database answer.");

    private static async Task<IResult> HandleAsync(ShopConnection db, CancellationToken cancel)
    {
        db.EnterKeys();
        var ok = await AnswersAsync(db, cancel);
        var state = new State(ok ? "ok" : "failing", ok ? "ok" : "away", db.Dialect.Engine);
        return ok
            ? TypedResults.Ok(state)
            : TypedResults.Json(state, statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> AnswersAsync(ShopConnection db, CancellationToken cancel)
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
