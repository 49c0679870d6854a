using System.Reflection;
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
