using System.Reflection;
using System.Text.Json;
using FastEndpoints;

namespace Sak.Server.Api;

/// <summary>One value of a request's query: a property with <see cref="QueryParamAttribute"/>.</summary>
/// <param name="Name">As it is declared; case does not count.</param>
internal sealed record QueryName(string Name, bool Required, bool IsText)
{
    /// <summary>The query names of a request, in the order in which they are declared.</summary>
    public static IReadOnlyList<QueryName> Of<TRequest>() => Known<TRequest>.Names;

    private static class Known<TRequest>
    {
        public static readonly IReadOnlyList<QueryName> Names =
        [
            .. from property in typeof(TRequest).GetProperties()
               where property.IsDefined(typeof(QueryParamAttribute))
               let type = property.PropertyType
               select new QueryName(property.GetCustomAttribute<BindFromAttribute>()?.Name ?? property.Name,
                   type.IsValueType && Nullable.GetUnderlyingType(type) is null, type == typeof(string)),
        ];
    }
}

/// <summary>
/// Refuses query names that an endpoint does not read: with "form=" for "from=" the answer would be the whole history.
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
