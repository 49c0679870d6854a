using System.Threading.RateLimiting;

namespace Sak.Server.Api;

/// <summary>
/// One shop's share of the server. A streamed answer holds its connection and its snapshot until the caller has read
/// it, and all shops share few connections. So further requests of one shop wait in a queue, and its slow connections
/// delay no other shop.
/// </summary>
public static class ShopShare
{
    /// <summary>Streamed answers of one shop at the same time: a quarter of the connections.</summary>
    public const int AtOnce = 8;

    /// <summary>Length of the queue; a request beyond it is told to come again.</summary>
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
                _ => new ConcurrencyLimiterOptions
                {
                    PermitLimit = AtOnce,
                    QueueLimit = InLine,
                    QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                }));
        });

    /// <summary>The endpoint streams its answer from the database.</summary>
    public static RouteHandlerBuilder Streamed(this RouteHandlerBuilder endpoint) =>
        endpoint.RequireRateLimiting(Policy);
}
