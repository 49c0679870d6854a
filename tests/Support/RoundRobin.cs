using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sak.Sync.Wire;

namespace Sak.Tests.Support;

/// <summary>Progress of an exchange, as seen on the connection between both sides.</summary>
public enum LineStep
{
    /// <summary>The agent sent a request that no server has received.</summary>
    Asked,

    /// <summary>A server has half of the request.</summary>
    HalfSent,

    /// <summary>A server has begun to answer, so the request is committed. The agent has received nothing.</summary>
    Answered,

    /// <summary>The agent has half of the answer.</summary>
    HalfAnswered,

    /// <summary>The agent has all of it.</summary>
    Whole,
}

/// <summary>
/// A proxy for several servers: each request goes to the next running one, whoever sends it. No stickiness.
/// </summary>
public sealed class RoundRobin : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _onward = new(
        new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
            { Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentDictionary<(int Server, string What), int> _served = new();
    private int _turn = -1;

    private RoundRobin(WebApplication app, int servers) => (_app, Servers) = (app, new Uri?[servers]);

    /// <summary>The address of each server; null while it is not running.</summary>
    public Uri?[] Servers { get; }

    public Uri Address => new(_app.Urls.First());

    /// <summary>Called at each step of each exchange; false closes the connection there.</summary>
    public Func<LineStep, HttpRequest, Task<bool>> At { get; set; } = (_, _) => Task.FromResult(true);

    public static async Task<RoundRobin> StartAsync(int servers, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(k => k.Limits.MaxRequestBodySize = Protocol.MaxSyncBody);
        var app = builder.Build();
        var line = new RoundRobin(app, servers);
        app.Run(line.CarryAsync);
        await app.StartAsync(cancel);
        return line;
    }

    /// <summary>How many requests ("GET /api/sync") a server answered.</summary>
    public int Served(int server, string what) => _served.GetValueOrDefault((server, what));

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _onward.Dispose();
    }

    private async Task CarryAsync(HttpContext http)
    {
        try
        {
            if (!await At(LineStep.Asked, http.Request) || !await ForwardAsync(http)) http.Abort();
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            if (http.Response.HasStarted) http.Abort();
            else http.Response.StatusCode = StatusCodes.Status502BadGateway;
        }
    }

    private async Task<bool> ForwardAsync(HttpContext http)
    {
        var (server, address) = Next();
        using var request = await RequestAsync(http, address);
        if (request.Content is { } sent)
        {
            var body = await sent.ReadAsByteArrayAsync(http.RequestAborted);
            request.Content = new TwoHalves(body, () => At(LineStep.HalfSent, http.Request), sent.Headers);
        }

        using var response = await _onward.SendAsync(request, HttpCompletionOption.ResponseHeadersRead,
            http.RequestAborted);
        _served.AddOrUpdate((server, $"{http.Request.Method} {http.Request.Path}"), 1, (_, n) => n + 1);
        if (!await At(LineStep.Answered, http.Request)) return false;
        var answer = await response.Content.ReadAsByteArrayAsync(http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, value) in response.Headers.Concat(response.Content.Headers)
            .Where(h => h.Key is not ("Transfer-Encoding" or "Date")))
            http.Response.Headers[name] = value.ToArray();
        if (answer.Length > 0)
        {
            await http.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            if (!await At(LineStep.HalfAnswered, http.Request)) return false;
            await http.Response.Body.WriteAsync(answer.AsMemory(answer.Length / 2), http.RequestAborted);
        }

        await http.Response.CompleteAsync();
        return await At(LineStep.Whole, http.Request);
    }

    private (int Server, Uri Address) Next()
    {
        for (var tries = 0; tries < Servers.Length; tries++)
        {
            var server = (int)((uint)Interlocked.Increment(ref _turn) % (uint)Servers.Length);
            if (Servers[server] is { } address) return (server, address);
        }

        throw new HttpRequestException("No server is there.");
    }

    private static async Task<HttpRequestMessage> RequestAsync(HttpContext http, Uri address)
    {
        var request = new HttpRequestMessage(new HttpMethod(http.Request.Method),
            new Uri(address, http.Request.Path + http.Request.QueryString));
        if (HttpMethods.IsPost(http.Request.Method))
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach (var (name, value) in http.Request.Headers.Where(
            h => h.Key is not ("Host" or "Transfer-Encoding" or "Content-Length")))
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        return request;
    }

    private sealed class TwoHalves : HttpContent
    {
        private readonly byte[] _body;
        private readonly Func<Task<bool>> _between;

        public TwoHalves(byte[] body, Func<Task<bool>> between, System.Net.Http.Headers.HttpContentHeaders headers)
        {
            (_body, _between) = (body, between);
            foreach (var (name, value) in headers.Where(
                h => h.Key != "Content-Length")) Headers.TryAddWithoutValidation(name, value);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_body.AsMemory(0, _body.Length / 2));
            await stream.FlushAsync();
            if (!await _between()) throw new IOException("The line was cut.");
            await stream.WriteAsync(_body.AsMemory(_body.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
