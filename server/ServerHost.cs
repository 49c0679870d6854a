using System.IO.Compression;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Sak.Server.Api;
using Sak.Server.Api.Document;
using Sak.Server.Catalog;
using Sak.Server.Data;
using Sak.Server.Replies;
using Sak.Server.Settings;
using Sak.Server.Sync;
using Sak.Sync.Wire;

namespace Sak.Server;

/// <summary>
/// Puts the server together. Nothing is kept between requests, so any number may stand over one database.
/// </summary>
public static class ServerHost
{
    /// <summary>
    /// The server of these settings, not started; <paramref name="replace"/> lets tests put in a clock or a model.
    /// </summary>
    public static WebApplication Build(ServerSettings settings, Action<IServiceCollection>? replace = null)
    {
        // Settings are read once, at the start. Watching their files would take one of the 128 watches that Linux gives
        // a user, and without one a server does not start.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = "sak-server", ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.Logging.ClearProviders().AddSimpleConsole(o => o.SingleLine = true)
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning)
            .AddFilter("FastEndpoints", LogLevel.Warning)
            // A first start asks for a table that is not there yet, and a turn may be answered twice at once: both are
            // expected and handled; what is not comes up as an exception of the request.
            .AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None)
            .AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.None)
            // A server that can't start says why in one sentence; see StartAsync.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.WebHost.UseUrls(settings.Address);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = Protocol.MaxSyncBody;
        });
        AddServices(builder.Services, settings);
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        Pipeline(app);
        return app;
    }

    /// <summary>
    /// Brings the database up to date and listens. Throws <see cref="ServerException"/> with what to do.
    /// </summary>
    public static async Task StartAsync(WebApplication app, CancellationToken cancel)
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        if (await OpenDatabase.MigrateAsync(settings, cancel) is (_, { } gap)) app.Logger.LogWarning("{Gap}", gap);
        try
        {
            await app.StartAsync(cancel);
        }
        catch (InvalidOperationException e) when (settings.Address.StartsWith("https:",
            StringComparison.OrdinalIgnoreCase))
        {
            throw new ServerException(
                $"Can't listen on {settings.Address}, for there is no certificate: listen on http and put a proxy "
                    + $"with TLS before it.", e);
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            var cause = e.GetBaseException().Message.TrimEnd('.');
            throw new ServerException(
                $"Can't listen on {settings.Address} ({cause}): stop the program that uses the port, or set "
                    + $"Server:Address to another.", e);
        }
    }

    private static void AddServices(IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSakDb(settings);
        services.AddScoped<PushChanges>();
        services.AddScoped<PullChanges>();
        services.AddSingleton<Versions>();
        services.AddHostedService(s => s.GetRequiredService<Versions>());
        services.AddHostedService<TrimSync>();
        services.AddScoped<SaveProducts>();
        services.AddScoped<SavePriceRules>();
        services.AddSingleton<ShopCatalogs>();
        services.AddSingleton<ChatModels>();
        services.AddSingleton<ModelReplier>();
        services.AddScoped<KeptReplies>();
        services.AddScoped<Budget>();
        services.AddScoped<AnswerTurn>();
        services.AddSingleton<FailedKeys>();
        services.AddShopShares();
        services.AddProblemDetails(o => o.CustomizeProblemDetails = Problems.Complete);
        services.AddSakEndpoints();
        services.AddSakDocument();
        services.AddRequestDecompression();
        services.AddResponseCompression(o =>
        {
            // No page of a browser reflects secrets here, so compression over TLS gives nothing away.
            o.EnableForHttps = true;
            o.MimeTypes = [Protocol.ContentType, "application/json", "text/csv"];
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.ConfigureHttpJsonOptions(o => Strict(o.SerializerOptions));
    }

    // A field that is missing or null where the contract wants one is a fault of the request, not a null inside.
    private static void Strict(JsonSerializerOptions json)
    {
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    }

    // What GET would answer, without the body: Kestrel remembers what was asked for.
    private static Task HeadAsGet(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method)) http.Request.Method = HttpMethods.Get;
        return next(http);
    }

    private static void Pipeline(WebApplication app)
    {
        // Believed from a proxy on this machine only, which is the framework's default.
        app.UseForwardedHeaders(
            new ForwardedHeadersOptions
                { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto });
        app.Use(HeadAsGet);
        app.UseResponseCompression();
        app.UseMiddleware<Problems>();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseMiddleware<ShopAuth>();
        app.UseRateLimiter();
        app.UseRequestDecompression();
        app.Use(BodyTypes.Complete);
        app.UseSakEndpoints();
    }
}
