using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sak.Tools.FakeOpenAi;

/// <summary>Behaviour of the stub.</summary>
public enum FakeBehaviour
{
    /// <summary>Searches the catalog by tool calls, asks prices and stock, answers with intents.</summary>
    Obedient,

    /// <summary>Obeys a prompt injection in the customer's text: invents prices, SKUs and permissions.</summary>
    ObeysAttacker,

    /// <summary>Accepts the request and never answers.</summary>
    Hangs,

    /// <summary>Answers 500.</summary>
    Fails,

    /// <summary>Sends half a body and closes the connection.</summary>
    Cuts,

    /// <summary>A valid HTTP answer whose content is not the requested JSON.</summary>
    Malformed,

    /// <summary>Requests tools endlessly.</summary>
    NeverDone,

    /// <summary>Requests a tool that does not exist, and one with wrong arguments, then answers.</summary>
    Clumsy,

    /// <summary>Says that the customer agreed, whatever the customer wrote to a basket that was shown.</summary>
    ClaimsYes,

    /// <summary>Answers "Noted." and notes nothing.</summary>
    NotesNothing,

    /// <summary>As the obedient one, but writes every SKU in small letters.</summary>
    LowersSkus,
}

/// <summary>
/// A stub of model providers' HTTP APIs on loopback: OpenAI's chat completions and Anthropic's messages. It calls the
/// tools that it is given and answers from their results, so that tests use the real SDKs and the whole loop.
/// </summary>
public sealed class FakeOpenAi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeBrain _brain;

    private FakeOpenAi(WebApplication app, FakeBrain brain) => (_app, _brain) = (app, brain);

    /// <summary>For Model:Endpoint with provider openai.</summary>
    public string OpenAiEndpoint => $"{_app.Urls.First()}/v1";

    /// <summary>For Model:Endpoint with provider anthropic.</summary>
    public string AnthropicEndpoint => _app.Urls.First();

    public FakeBehaviour Behaviour { get => _brain.Behaviour; set => _brain.Behaviour = value; }

    /// <summary>Bodies of all requests, in order.</summary>
    public ConcurrentQueue<JsonNode> Requests { get; } = new();

    /// <param name="port">0 takes a free one.</param>
    public static async Task<FakeOpenAi> StartAsync(FakeBehaviour behaviour, int port = 0,
        CancellationToken cancel = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var fake = new FakeOpenAi(app, new FakeBrain { Behaviour = behaviour });
        app.MapPost("/v1/chat/completions", http => fake.AnswerAsync(http, OpenAiWire.Read, OpenAiWire.Write));
        app.MapPost("/v1/messages", http => fake.AnswerAsync(http, AnthropicWire.Read, AnthropicWire.Write));
        await app.StartAsync(cancel);
        return fake;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http, Func<JsonNode, FakeTalk> read, Func<FakeAnswer, JsonNode> write)
    {
        var cancel = http.RequestAborted;
        var body = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: cancel)
            ?? throw new InvalidDataException("The body is null.");
        Requests.Enqueue(body);
        switch (Behaviour)
        {
            case FakeBehaviour.Hangs:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case FakeBehaviour.Fails:
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await http.Response.WriteAsJsonAsync(
                    new { error = new { message = "The stub fails.", type = "server_error" } }, cancel);
                return;
        }

        var answer = JsonSerializer.SerializeToUtf8Bytes(write(_brain.Think(read(body))));
        http.Response.ContentType = "application/json";
        if (Behaviour == FakeBehaviour.Cuts)
        {
            http.Response.ContentLength = answer.Length;
            await http.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2), cancel);
            await http.Response.Body.FlushAsync(cancel);
            http.Abort();
            return;
        }

        await http.Response.Body.WriteAsync(answer, cancel);
    }
}
