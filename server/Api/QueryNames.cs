namespace Sak.Server.Api;

/// <summary>
/// The query of an address: a name that it does not know is refused, not left out. "form=2026-11-01" would be the whole
/// history.
/// </summary>
public static class QueryNames
{
    /// <param name="names">All that the endpoint reads.</param>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder endpoint, params string[] names) =>
        endpoint.AddEndpointFilter(async (call, next) =>
            call.HttpContext.Request.Query.Keys.FirstOrDefault(
                key => !names.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown
                ? Problems.BadRequest(
                    $"\"{unknown}\" is not known here; {(names.Length == 0 ? "this address takes no query" : $"known are {string.Join(", ", names)}")}.")
                : await next(call));
}
