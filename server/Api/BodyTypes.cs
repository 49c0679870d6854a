using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Sak.Server.Api;

/// <summary>
/// What becomes of a request without Content-Type, before FastEndpoints would refuse it without a word: JSON must say
/// that it is JSON, any other body is taken for what its address takes.
/// </summary>
public static class BodyTypes
{
    public static Task Complete(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes is { } taken
            && !taken.Contains("*/*"))
        {
            var isJson = taken.Contains("application/json");
            if (isJson && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
                throw Missing();
            if (http.Request.ContentType is null)
                http.Request.ContentType = !isJson ? taken[0] : throw new BadHttpRequestException(
                    Problems.WrongType, StatusCodes.Status415UnsupportedMediaType);
        }

        return next(http);
    }

    internal static BadHttpRequestException Missing() => new("The body is missing; this address takes JSON.");
}
