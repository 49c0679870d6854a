using FastEndpoints;
using NSwag.Generation;

namespace Sak.Server.Api.Document;

/// <summary><c>GET /openapi/v1.json</c>: what this server takes and answers, for programs and for /docs.</summary>
public sealed class DescribeApi(ApiDescription description) : EndpointWithoutRequest
{
    public override void Configure()
    {
        Get(ApiDocument.Address);
        Group<Anybody>();
        Description(d => d.ExcludeFromDescription());
    }

    public override async Task HandleAsync(CancellationToken cancel) =>
        await Send.StringAsync(await description.TextAsync(), contentType: "application/json;charset=utf-8",
            cancellation: cancel);
}

/// <summary>Written when it is first asked for, and kept: it takes a second and 20 MB.</summary>
public sealed class ApiDescription(IServiceProvider services)
{
    private readonly Lock _gate = new();
    private Task<string>? _text;

    public Task<string> TextAsync()
    {
        lock (_gate) return _text is null or { IsFaulted: true } ? _text = WriteAsync() : _text;
    }

    private async Task<string> WriteAsync()
    {
        // Resolved here and not by the constructor, which runs at every start.
        var document = await services.GetRequiredService<IOpenApiDocumentGenerator>().GenerateAsync(ApiDocument.Name);
        return document.ToJson();
    }
}
