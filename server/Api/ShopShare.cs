using System.Threading.RateLimiting;

namespace Sak.Server.Api;

/// <summary>
/// One shop's share of the server. An answer that is streamed holds its connection and its moment until the caller has
/// read it, and there are few connections for all shops: more of one shop wait in line, so its slow lines hold up
/// nobody else.
/// </summary>
public static class ShopShare
{
    /// <summary>Answers of one shop that are streamed at once: a quarter of the connections.</summary>
    public const int AtOnce = 8;

    /// <summary>So many more wait; who comes after them is told to come again.</summary>
    public const int InLine = 64;

    private const string Policy = "share";

    public static void AddShopShares(this IServiceCollection services) =>
        services.AddRateLimiter(o =>
        {
            o.OnRejected = async (rejected, _) =>
            {
                rejected.HttpContext.Response.Headers.RetryAfter = "5";
                await Problems.WriteAsync(
                    rejected.HttpContext, StatusCodes.Status429TooManyRequests, Problems.TooMany,
                    "Too many requests of this shop wait already; ask again in some seconds.");
            };
            o.AddPolicy(Policy, http => RateLimitPartition.GetConcurrencyLimiter(
                http.Features.Get<Caller>()?.ShopId,
                _ => new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = InLine,
                    QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));
        });

    /// <summary>The endpoint streams its answer off the database.</summary>
    public static RouteHandlerBuilder Streamed(this RouteHandlerBuilder endpoint) =>
        endpoint.RequireRateLimiting(Policy).ProducesProblem(StatusCodes.Status429TooManyRequests);
}
