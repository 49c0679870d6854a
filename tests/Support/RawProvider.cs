using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sak.Tests.Support;

/// <summary>
/// Stands where a model provider should be and answers each request with what a test gives it: a status, bytes, or
/// nothing at all.
/// </summary>
internal sealed class RawProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private RawProvider(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public int Requests => _requests;

    public static async Task<RawProvider> StartAsync(Func<HttpContext, Task> answer, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new RawProvider(app);
        app.Run(http =>
        {
            Interlocked.Increment(ref provider._requests);
            return answer(http);
        });
        await app.StartAsync(cancel);
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
