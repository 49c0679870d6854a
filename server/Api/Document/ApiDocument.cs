using FastEndpoints.Swagger;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using NJsonSchema;
using NJsonSchema.Generation.TypeMappers;
using NSwag;
using NSwag.Generation.AspNetCore;
using NSwag.Generation.Processors.Security;
using Scalar.AspNetCore;

namespace Sak.Server.Api.Document;

/// <summary>How the API is described: the OpenAPI document, and a page to read and try it.</summary>
public static class ApiDocument
{
    public const string Name = "v1";
    public const string Address = "/openapi/v1.json";

    /// <summary>The name of the key in the document.</summary>
    internal const string Key = "key";

    public static void AddSakDocument(this IServiceCollection services)
    {
        services.AddSingleton<ApiDescription>();
        services.SwaggerDocument(o =>
        {
            o.EnableJWTBearerAuth = false;
            o.ExcludeNonFastEndpoints = true;
            o.ShortSchemaNames = true;
            o.RemoveEmptyRequestSchema = true;
            o.AutoTagPathSegmentIndex = 0;
            o.NewtonsoftSettings = examples => examples.Converters.Add(new DescribeSchema.WordsInExamples());
            o.DocumentSettings = d => Settle(d, o.Services.GetRequiredService<IOptions<JsonOptions>>().Value);
        });
    }

    // The page comes whole from this server and can send nothing elsewhere: people type keys into it.
    private const string OnlyThisServer = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'; "
        + "script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data:; font-src 'self' data:; form-action 'self'; base-uri 'self'\" />";

    /// <summary><c>/docs</c>: reads the document and tries it; it works without internet.</summary>
    public static void MapSakDocs(this IEndpointRouteBuilder routes) =>
        ShopAuth.Open(routes.MapScalarApiReference("/docs", page =>
        {
            page.WithTitle("SAK API").WithOpenApiRoutePattern(Address).AddHeadContent(OnlyThisServer)
                .AddPreferredSecuritySchemes(Key).DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp()
                .HideClientButton().WithDotNetFlag(false).WithDynamicBaseServerUrl();
            page.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        }));

    private static void Settle(AspNetCoreOpenApiDocumentGeneratorSettings document, JsonOptions json)
    {
        document.DocumentName = Name;
        document.Title = "SAK";
        document.Version = Name;
        document.Description = "What agents, the accountant's programs and the shop's own programs may ask of the "
            + "server. Every address but /health takes a key: `Authorization: Bearer sak_…`.";
        document.SchemaSettings.GenerateExamples = true;
        // A later server may say more, and says nothing against a request that does.
        document.SchemaSettings.AlwaysAllowAdditionalObjectProperties = true;
        document.SchemaSettings.TypeMappers.Add(new PrimitiveTypeMapper(typeof(Guid), schema =>
            (schema.Type, schema.Format) = (JsonObjectType.String, "uuid")));
        document.SchemaSettings.SchemaProcessors.Add(new DescribeSchema(json.SerializerOptions));
        document.OperationProcessors.Add(new DescribeOperation());
        document.DocumentProcessors.Add(new SecurityDefinitionAppender(Key, new OpenApiSecurityScheme
        {
            Type = OpenApiSecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key of the shop, as sak-server key add shows it once.",
        }));
    }
}
