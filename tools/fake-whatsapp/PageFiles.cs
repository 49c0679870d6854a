using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Sak.Tools.FakeWhatsApp;

/// <summary>The page's files, embedded in the program.</summary>
internal static class PageFiles
{
    // As strict as WhatsApp's own policy for script tags, so that the bridge must be an init script.
    private const string Policy =
        "default-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'; connect-src 'self'";

    public static void Map(WebApplication app) => app.MapGet("/{file?}", (string? file, HttpContext http) =>
    {
        file ??= "index.html";
        var content = typeof(PageFiles).Assembly.GetManifestResourceStream($"fake-whatsapp/{file}");
        if (content is null) return Results.NotFound();
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.CacheControl = "no-store";
        return Results.Stream(content, TypeOf(file));
    });

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        _ => "text/javascript; charset=utf-8",
    };
}
