using FastEndpoints.Swagger;
using NJsonSchema;
using NSwag;
using NSwag.Generation.AspNetCore;
using NSwag.Generation.Processors;
using NSwag.Generation.Processors.Contexts;

namespace Sak.Server.Api.Document;

/// <summary>Adds to an operation who may call it, a body that is read raw, and what its refusals mean.</summary>
internal sealed class DescribeOperation : IOperationProcessor
{
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["400"] = "The request makes no sense (`urn:sak:invalid`) or can't be read (`urn:sak:malformed`).",
        ["401"] = "The key is missing, unknown or revoked (`urn:sak:key`).",
        ["403"] = "A key of this role may not do this (`urn:sak:role`).",
        ["409"] = "The replica was copied or restored (`urn:sak:forked`), or a batch is missing (`urn:sak:gap`).",
        ["413"] = "The body is larger than this address takes (`urn:sak:size`).",
        ["415"] = "The body is not of the type that this address takes.",
        ["426"] = "Agent and server speak different protocols; update the older one (`urn:sak:version`).",
        ["429"] = "Too many wrong keys, or too many requests of this shop at once (`urn:sak:rate`); "
            + "`Retry-After` says when to come again.",
        ["500"] = "The server failed, and nothing was written (`urn:sak:failed`).",
        ["503"] = "The database does not answer.",
    };

    public bool Process(OperationProcessorContext context)
    {
        var operation = context.OperationDescription.Operation;
        // One heading for each folder of the code.
        var folder = context.GetEndpointDefinition()!.EndpointType.Namespace!.Split('.')[^1];
        operation.Tags = [folder == "Api" ? "Server" : folder];
        var metadata = ((AspNetCoreOperationProcessorContext)context).ApiDescription.ActionDescriptor.EndpointMetadata;
        if (ShopAuth.RolesOf(metadata) is { } roles)
        {
            operation.Security = [new OpenApiSecurityRequirement { [ApiDocument.Key] = [] }];
            operation.Description = $"Takes a key of one of these roles: {Names(roles)}.";
        }

        // A parameter is given or left out; no address can say null.
        foreach (var parameter in operation.Parameters.Where(p => p.Schema is not null))
            parameter.Schema!.IsNullableRaw = null;
        if (metadata.OfType<RawBody>().SingleOrDefault() is { } raw) operation.RequestBody = BodyOf(raw);
        foreach (var (status, response) in operation.Responses)
            if (Meanings.TryGetValue(status, out var meaning)) response.Description = meaning;
        Sort(operation.Responses);
        return true;
    }

    private static string Names(Roles roles) =>
        string.Join(", ", Enum.GetValues<Roles>().Where(r => int.IsPow2((int)r) && roles.HasFlag(r))
            .Select(r => $"{r}".ToLowerInvariant()));

    private static OpenApiRequestBody BodyOf(RawBody raw) => new()
    {
        IsRequired = true,
        Description = raw.Description,
        Content =
        {
            [raw.ContentType] = new OpenApiMediaType
            {
                Schema = new JsonSchema { Type = JsonObjectType.String }, Example = raw.Example,
            },
        },
    };

    private static void Sort(IDictionary<string, OpenApiResponse> responses)
    {
        var sorted = responses.OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        responses.Clear();
        foreach (var response in sorted) responses.Add(response);
    }
}
