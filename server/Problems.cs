using Sak.Server.Sync;
using Sak.Sync.Wire;

namespace Sak.Server;

/// <summary>Every refusal as RFC 9457 problem details: one sentence and, in "type", a code that programs can read.</summary>
public sealed class Problems(RequestDelegate next, ILogger<Problems> log)
{
    public const string Invalid = "urn:sak:invalid";
    public const string Role = "urn:sak:role";
    public const string TooMany = "urn:sak:rate";
    public const string TooLarge = "urn:sak:size";
    public const string Failed = "urn:sak:failed";

    /// <summary>One catcher for all endpoints.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up; there is nobody to answer.
        }
        catch (Exception e) when (http.Response.HasStarted)
        {
            // Half an answer was sent: cut the line, so that it is not taken for a whole one.
            log.LogError(e, "{Method} {Path} failed in the middle of its answer; the connection was cut.", http.Request.Method, http.Request.Path);
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
        http.Response.ContentType = null;
        return TypedResults.Problem(detail, statusCode: status, type: type).ExecuteAsync(http);
    }

    /// <summary>A request that makes no sense, 400.</summary>
    public static IResult BadRequest(string detail, IEnumerable<string>? faults = null) =>
        TypedResults.Problem(
            detail, statusCode: StatusCodes.Status400BadRequest, type: Invalid, extensions: faults is null ? null : [new("faults", faults.ToList())]);

    private static (int Status, string Type, string Detail) Explain(Exception e) =>
        e switch
        {
            SyncRefusedException { Problem: SyncProblems.Version } refused => (StatusCodes.Status426UpgradeRequired, refused.Problem, refused.Message),
            SyncRefusedException refused => (StatusCodes.Status409Conflict, refused.Problem, refused.Message),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                (StatusCodes.Status413PayloadTooLarge, TooLarge, "The body is larger than this endpoint takes."),
            BadHttpRequestException bad => (bad.StatusCode, SyncProblems.Malformed, $"{bad.Message} {bad.InnerException?.Message}".Trim()),
            InvalidDataException malformed => (StatusCodes.Status400BadRequest, SyncProblems.Malformed, malformed.Message),
            // What .NET's brotli stream throws at bytes that are no brotli; gzip throws InvalidDataException.
            InvalidOperationException { Source: "System.IO.Compression.Brotli" } =>
                (StatusCodes.Status400BadRequest, SyncProblems.Malformed, "The body is not what its Content-Encoding says."),
            _ => (StatusCodes.Status500InternalServerError, Failed, "The server failed at this request; nothing was written. Its log says why."),
        };
}
