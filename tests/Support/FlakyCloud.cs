using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Tests.Support;

/// <summary>Faults of the connection between agent and cloud.</summary>
public enum LineFault
{
    None, Stopped, Refusing, Hanging, Answers500, CutAnswer, LostAnswer, LostRequest, Nonsense,

    /// <summary>Every turn is answered with a model's "the customer agreed".</summary>
    ClaimsYes,
}

/// <summary>A connection to a real server with faults of connections and servers. Counts the faults.</summary>
public sealed class FlakyCloud : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _server;
    private readonly CancellationTokenSource _hanging = new();
    private int _fired;

    private FlakyCloud(WebApplication app, HttpClient server)
    {
        _app = app;
        _server = server;
    }

    public LineFault Fault { get; set; }

    /// <summary>Only these requests get the fault; null means all.</summary>
    public string? OnlyPath { get; set; }

    /// <summary>How often the fault struck.</summary>
    public int Fired => _fired;

    public string Address =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<FlakyCloud> StartAsync(Uri server, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var line = new FlakyCloud(app,
            new HttpClient(
                new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
                    { BaseAddress = server });
        app.Run(line.CarryAsync);
        await app.StartAsync(cancel);
        return line;
    }

    public async ValueTask DisposeAsync()
    {
        await _hanging.CancelAsync();
        await _app.DisposeAsync();
        _server.Dispose();
        _hanging.Dispose();
    }

    private async Task CarryAsync(HttpContext http)
    {
        var fault = OnlyPath is null || http.Request.Path.Value!.StartsWith(OnlyPath, StringComparison.Ordinal)
            ? Fault
            : LineFault.None;
        if (fault != LineFault.None) Interlocked.Increment(ref _fired);
        switch (fault)
        {
            case LineFault.Stopped or LineFault.LostRequest:
                http.Abort();
                return;
            case LineFault.Refusing:
                http.Response.StatusCode = 401;
                return;
            case LineFault.Answers500:
                http.Response.StatusCode = 500;
                return;
            case LineFault.Nonsense:
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync("<html>Welcome to the hotel's wireless network</html>");
                return;
            case LineFault.ClaimsYes:
                await http.Response.WriteAsJsonAsync(
                    new Reply("Done!", [new Intent(IntentKind.Confirm)], "en", Reply.ByModel), http.RequestAborted);
                return;
            case LineFault.Hanging:
                using (var both = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _hanging.Token))
                    await Task.Delay(Timeout.InfiniteTimeSpan, both.Token)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
        }

        await ForwardAsync(http, fault);
    }

    private async Task ForwardAsync(HttpContext http, LineFault fault)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method),
            http.Request.Path + http.Request.QueryString);
        request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, value) in http.Request.Headers.Where(h => h.Key != "Host" && h.Key != "Transfer-Encoding"))
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        using var response = await _server.SendAsync(request, http.RequestAborted);
        var body = await response.Content.ReadAsByteArrayAsync(http.RequestAborted);
        if (fault == LineFault.LostAnswer)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, value) in response.Headers.Concat(response.Content.Headers)
            .Where(h => h.Key is not ("Transfer-Encoding" or "Date")))
            http.Response.Headers[name] = value.ToArray();
        if (fault != LineFault.CutAnswer)
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
            return;
        }

        await http.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        http.Abort();
    }
}
