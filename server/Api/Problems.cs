using System.Text.Json;
using Sak.Sync.Replica;

namespace Sak.Server.Api;

/// <summary>
/// Writes every refusal as RFC 9457 problem details: one sentence, and in "type" a code for programs.
/// </summary>
public sealed class Problems(RequestDelegate next, ILogger<Problems> log)
{
    public const string Invalid = "urn:sak:invalid";
    public const string Role = "urn:sak:role";
    public const string TooMany = "urn:sak:rate";
    public const string TooLarge = "urn:sak:size";
    public const string Failed = "urn:sak:failed";

    internal const string WrongType =
        "The body is not of the type that this address takes; JSON needs Content-Type: application/json.";

    private const string IsTooLarge = "The body is larger than this endpoint takes.";

    /// <summary>The only exception handler of all endpoints.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller closed the connection, so nobody reads an answer.
        }
        catch (Exception e) when (http.Response.HasStarted)
        {
            // Part of the answer was sent: the connection is aborted, so that the caller does not take it for
            // a complete one.
            log.LogError(e, "{Method} {Path} failed in the middle of its answer; the connection was cut.",
                http.Request.Method, http.Request.Path);
            http.Abort();
        }
        catch (Exception e)
        {
            var (status, type, detail) = Explain(e);
            if (status >= 500) log.LogError(e, "{Method} {Path} failed.", http.Request.Method, http.Request.Path);
            await WriteAsync(http, status, type, detail);
        }
    }

    public static Task WriteAsync(HttpContext http, int status, string type, string detail)
    {
        // These headers belong to the answer that failed.
        (http.Response.ContentType, http.Response.ContentLength, http.Response.Headers.ContentEncoding) = (null, null,
            default);
        return TypedResults.Problem(detail, statusCode: status, type: type).ExecuteAsync(http);
    }

    /// <summary>A request that makes no sense, 400.</summary>
    public static IResult BadRequest(string detail, IEnumerable<string>? faults = null) =>
        TypedResults.Problem(
            detail, statusCode: StatusCodes.Status400BadRequest, type: Invalid,
            extensions: faults is null ? null : [new("faults", faults.ToList())]);

    /// <summary>Adds a sentence to refusals of the framework, which have only a status code.</summary>
    public static void Complete(ProblemDetailsContext refused)
    {
        if (refused.ProblemDetails.Status == StatusCodes.Status413PayloadTooLarge)
            refused.ProblemDetails.Type = TooLarge;
        refused.ProblemDetails.Detail ??= refused.ProblemDetails.Status switch
        {
            StatusCodes.Status400BadRequest =>
                "The request can't be read; /openapi/v1.json says what this address takes.",
            StatusCodes.Status404NotFound => "There is no such address here; /openapi/v1.json lists them all.",
            StatusCodes.Status405MethodNotAllowed =>
                "This address does not take this method; /openapi/v1.json says which.",
            StatusCodes.Status413PayloadTooLarge => IsTooLarge,
            StatusCodes.Status415UnsupportedMediaType => WrongType,
            _ => null,
        };
    }

    // Names of .NET types mean nothing to the caller; property names and positions do.
    private static string Explain(JsonException json) =>
        json.Message.Split("including: ") is [_, var missing]
            ? $"The body lacks {missing.Split(" Path:")[0].TrimEnd('.')}."
            : $"The body is not the JSON that this address takes: look at {json.Path ?? "$"}, line "
                + $"{(json.LineNumber ?? 0) + 1}.";

    private static (int Status, string Type, string Detail) Explain(Exception e) =>
        e switch
        {
            SyncRefusedException { Problem: SyncProblems.Version } refused =>
                (StatusCodes.Status426UpgradeRequired, refused.Problem, refused.Message),
            SyncRefusedException refused => (StatusCodes.Status409Conflict, refused.Problem, refused.Message),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                (StatusCodes.Status413PayloadTooLarge, TooLarge, IsTooLarge),
            BadHttpRequestException { InnerException: JsonException json } =>
                (StatusCodes.Status400BadRequest, SyncProblems.Malformed, Explain(json)),
            BadHttpRequestException bad => (bad.StatusCode, SyncProblems.Malformed, bad.Message),
            InvalidDataException malformed =>
                (StatusCodes.Status400BadRequest, SyncProblems.Malformed, malformed.Message),
            // .NET's brotli stream throws this for invalid data; gzip throws InvalidDataException.
            InvalidOperationException { Source: "System.IO.Compression.Brotli" } =>
                (StatusCodes.Status400BadRequest, SyncProblems.Malformed,
                    "The body is not what its Content-Encoding says."),
            _ => (StatusCodes.Status500InternalServerError, Failed,
                "The server failed at this request; nothing was written. Its log says why."),
        };
}
