using System.Text.Json;
using FastEndpoints;

namespace Sak.Server.Api;

/// <summary>
/// Refuses query parameters that the endpoint does not have. If a misspelled "form=" (for "from=") were ignored, the
/// answer would be the whole history.
/// </summary>
internal sealed class OnlyKnownQuery<TRequest> : IPreProcessor<TRequest>
{
    private static readonly string[] Names =
        [.. QueryName.Of<TRequest>().Select(n => JsonNamingPolicy.CamelCase.ConvertName(n.Name))];

    private static readonly string Known =
        Names.Length == 0 ? "this address takes no query" : $"known are {string.Join(", ", Names)}";

    public Task PreProcessAsync(IPreProcessorContext<TRequest> call, CancellationToken cancel) =>
        call.HttpContext.Request.Query.Keys
            .FirstOrDefault(key => !Names.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? call.HttpContext.Response.SendResultAsync(
                Problems.BadRequest($"\"{unknown}\" is not known here; {Known}."))
            : Task.CompletedTask;
}
