namespace Sak.Server.Api;

/// <summary>
/// Refuses query names that an endpoint does not read: with "form=" for "from=" the answer would be the whole history.
/// </summary>
public static class QueryNames
{
    /// <param name="names">All names that the endpoint reads.</param>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, params string[] names) =>
        endpoint.AddEndpointFilter(async (call, next) =>
            call.HttpContext.Request.Query.Keys.FirstOrDefault(
                key => !names.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown
                ? Problems.BadRequest($"\"{unknown}\" is not known here; {Known(names)}.")
                : await next(call));

    private static string Known(string[] names) =>
        names.Length == 0 ? "this address takes no query" : $"known are {string.Join(", ", names)}";
}
