using System.Text.Json;
using FastEndpoints;

namespace Sak.Server.Api;

/// <summary>
/// Makes an endpoint's request, from the query if it has properties marked with <see cref="QueryParamAttribute"/>, else
/// from the JSON body; never from both, so that no query changes what a body says. What can't be read is thrown to
/// <see cref="Problems"/>, which has the sentences.
/// </summary>
internal sealed class RequestReader<TRequest> : IRequestBinder<TRequest> where TRequest : notnull
{
    private readonly RequestBinder<TRequest>? _query =
        QueryName.Of<TRequest>().Count > 0 ? new RequestBinder<TRequest>(BindingSource.QueryParams) : null;

    public ValueTask<TRequest> BindAsync(BinderContext call, CancellationToken cancel) =>
        _query is not null ? FromQueryAsync(_query, call, cancel)
        : EmptyRequest.Instance is TRequest empty ? ValueTask.FromResult(empty)
        : FromBodyAsync(call.HttpContext.Request, cancel);

    private static async ValueTask<TRequest> FromQueryAsync(RequestBinder<TRequest> binder, BinderContext call,
        CancellationToken cancel)
    {
        var read = await TryReadAsync(binder, call, cancel);
        var query = call.HttpContext.Request.Query;
        foreach (var (name, required, isText) in QueryName.Of<TRequest>())
        {
            if (!query.TryGetValue(name, out var value))
            {
                if (required)
                    throw new BadHttpRequestException($"Required parameter {name} was not provided from query string.");
            }
            else if (IsWrong(call, name) || (!isText && value == ""))
            {
                throw new BadHttpRequestException($"Failed to bind parameter {name} from \"{value}\".");
            }
        }

        return read!;
    }

    private static async ValueTask<TRequest?> TryReadAsync(RequestBinder<TRequest> binder, BinderContext call,
        CancellationToken cancel)
    {
        try
        {
            return await binder.BindAsync(call, cancel);
        }
        catch (ValidationFailureException)
        {
            return default; // The failures are in the call.
        }
    }

    private static bool IsWrong(BinderContext call, string name) =>
        call.ValidationFailures.Any(f => f.PropertyName.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static async ValueTask<TRequest> FromBodyAsync(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            return await request.ReadFromJsonAsync<TRequest>(cancel) ?? throw BodyTypes.Missing();
        }
        catch (JsonException json)
        {
            throw new BadHttpRequestException("The body is not the JSON that this address takes.", json);
        }
    }
}
