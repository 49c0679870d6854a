using FastEndpoints.Swagger;

namespace Sak.Server.Api;

/// <summary>How the API is described.</summary>
public static class ApiDocument
{
    public const string Name = "v1";

    public static void AddSakDocument(this IServiceCollection services)
    {
        services.AddSingleton<ApiDescription>();
        services.SwaggerDocument(o =>
        {
            o.EnableJWTBearerAuth = false;
            o.ExcludeNonFastEndpoints = true;
            o.ShortSchemaNames = true;
            o.AutoTagPathSegmentIndex = 0;
            o.DocumentSettings = d =>
            {
                d.DocumentName = Name;
                d.Title = "SAK";
                d.Version = "v1";
            };
        });
    }
}
