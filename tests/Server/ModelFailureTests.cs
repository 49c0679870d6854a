using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Sync.Model;
using Sak.Sync.Wire;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Server;

/// <summary>
/// Whatever a provider does, the reader answers within the customer's patience, and the log, the day's counts and the
/// reply say why. Each kind through both SDKs.
/// </summary>
public sealed class ModelFailureTests
{
    private const string Secret = "sk-very-secret";
    private const int Seconds = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A provider's behaviour, the reason that is counted, and words of the line in the log.</summary>
    private sealed record Kind(Func<HttpContext, Task> Answer, ModelFailure Failure, string Why);

    private static readonly Dictionary<string, Kind> Kinds = new()
    {
        ["slow"] = new(Hang, ModelFailure.TooSlow, $"longer than {Seconds} s"),
        ["trickle"] = new(Trickle, ModelFailure.TooSlow, $"longer than {Seconds} s"),
        ["cut"] = new(Cut, ModelFailure.Unreachable, ""),
        ["wrong key"] = new(Refuse(401), ModelFailure.Refused, "HTTP 401, check Model:Key."),
        ["unknown model"] = new(Refuse(404), ModelFailure.Refused, "HTTP 404, check Model:Name"),
        ["limit"] = new(Refuse(429), ModelFailure.Refused, "HTTP 429, the provider's own limit"),
        ["broken"] = new(Refuse(500), ModelFailure.Refused, "HTTP 500, the provider is in trouble."),
        ["redirect"] = new(Redirect, ModelFailure.Refused, "HTTP 302, check the settings of Model."),
        ["nothing"] = new(Say(""), ModelFailure.BadAnswer, ""),
        ["a page"] = new(Say("<html>Welcome to the hotel's network</html>"), ModelFailure.BadAnswer, ""),
        ["an empty object"] = new(Say("{}"), ModelFailure.BadAnswer, ""),
        ["null"] = new(Say("null"), ModelFailure.BadAnswer, ""),
        ["no choice"] = new(Say("{\"choices\":[],\"content\":[],\"usage\":{\"prompt_tokens\":-5}}"),
            ModelFailure.BadAnswer, ""),
        ["deep"] = new(Say(new string('[', 100_000)), ModelFailure.BadAnswer, ""),
        ["two megabytes"] = new(SayText(new string('a', 2_000_000)), ModelFailure.BadAnswer, "larger than 1048576"),
        ["half a megabyte of prose"] = new(SayText(new string('a', 500_000)), ModelFailure.BadAnswer, "not JSON"),
        ["an order without a form"] = new(SayText("[1, 2]"), ModelFailure.BadAnswer, "not an object"),
        ["endless unknown tools"] = new(CallTool("delete_everything"), ModelFailure.BadAnswer, "more than 2 times"),
        ["endless tools"] = new(CallTool("last_order"), ModelFailure.BadAnswer, "more than 2 times"),
        ["an error in many lines"] = new(http => SayAsync(http, 400,
            "{\"error\":{\"message\":\"bad\\r\\nfatal: \\u001b[31mforged\\u202e line " + Secret + new string('x', 9_000)
            + "\",\"type\":\"e\"}}"), ModelFailure.Refused, "HTTP 400"),
    };

    public static TheoryData<string, string> Matrix => new MatrixTheoryData<string, string>(
        [ServerSettings.OpenAi, ServerSettings.Anthropic], [.. Kinds.Keys]);

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task The_reader_answers_in_time_and_everybody_can_see_why(string sdk, string kind)
    {
        var (answer, failure, why) = Kinds[kind];
        await using var provider = await RawProvider.StartAsync(answer, Cancel);
        var (reply, row, line) = await AskAsync(sdk, provider.Address);

        Assert.Equal(new ModelState(0, failure.Text()), reply.Model! with { SpentPercent = 0 });
        Assert.Equal(failure, Counted(row));
        Assert.Contains(failure.Text(), line);
        Assert.Contains(why, line);
        Assert.InRange(provider.Requests, 1, 3);
        Assert.DoesNotContain(Secret, line);
        Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u202e');
        Assert.True(line.Length < 600, $"{line.Length} characters: {line}");
    }

    [Theory]
    [InlineData(ServerSettings.OpenAi)]
    [InlineData(ServerSettings.Anthropic)]
    public async Task A_dead_endpoint_is_answered_by_the_reader(string sdk)
    {
        var (reply, row, line) = await AskAsync(sdk, "http://127.0.0.1:1");

        Assert.Equal(ModelFailure.Unreachable.Text(), reply.Model!.Failure);
        Assert.Equal(1, row.Unreachable);
        Assert.Contains("refused", line);
    }

    [Theory]
    [InlineData(ServerSettings.OpenAi)]
    [InlineData(ServerSettings.Anthropic)]
    public async Task An_answer_of_blanks_without_an_end_is_cut_after_a_megabyte(string sdk)
    {
        using var provider = new TcpListener(IPAddress.Loopback, 0);
        provider.Start();
        var sent = SendBlanksAsync(provider);

        var (reply, row, line) = await AskAsync(sdk, $"http://{provider.LocalEndpoint}");

        Assert.Equal(ModelFailure.BadAnswer.Text(), reply.Model!.Failure);
        Assert.Equal(1, row.BadAnswer);
        Assert.Contains("larger than 1048576 bytes", line);
        // What the system keeps between two sockets comes on top of what was read.
        Assert.InRange(await sent.WaitAsync(Eventually.Most, Cancel), 1024 * 1024, 32 * 1024 * 1024);
    }

    [Theory]
    [InlineData(ServerSettings.OpenAi)]
    [InlineData(ServerSettings.Anthropic)]
    public async Task The_tokens_of_a_talk_that_fails_are_counted(string sdk)
    {
        await using var provider = await RawProvider.StartAsync(CallTool("last_order"), Cancel);
        var (reply, row, _) = await AskAsync(sdk, provider.Address);

        Assert.Equal((3 * 120, 3 * 20), (row.Tokens, row.OutputTokens));
        Assert.Equal(36, reply.Model!.SpentPercent);
    }

    [Fact]
    public async Task A_model_gives_way_before_the_patience_of_whoever_asks_ends()
    {
        await using var provider = await RawProvider.StartAsync(Hang, Cancel);
        await using var server = await TestServer.StartAsync(Engine.Sqlite,
            Model(ServerSettings.OpenAi, provider.Address) with { Seconds = 120 });
        var (_, client) = await server.AddShopAsync();
        using var response = await client.PostAsJsonAsync("/api/process-message",
            Turn() with { PatienceSeconds = 2 }, Cancel);
        response.EnsureSuccessStatusCode();
        var reply = (await response.Content.ReadFromJsonAsync<Reply>(Cancel))!;
        Assert.Equal((Reply.ByReader, "tooslow"), (reply.By, reply.Model!.Failure));
    }

    [Fact]
    public async Task The_tokens_of_a_talk_whose_asker_has_gone_are_counted()
    {
        var asked = 0;
        await using var provider = await RawProvider.StartAsync(
            http => Interlocked.Increment(ref asked) == 1 ? CallTool("last_order")(http) : Hang(http), Cancel);
        await using var server = await TestServer.StartAsync(Engine.Sqlite, Model(ServerSettings.OpenAi,
            provider.Address) with { Seconds = 60 });
        var (_, client) = await server.AddShopAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var turn = client.PostAsJsonAsync("/api/process-message", Turn(), patience.Token);
        await Eventually.IsTrueAsync(() => asked == 2, "the model is asked a second time");

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);

        await using var db = server.Database();
        await Eventually.IsTrueAsync(() => db.ModelUse.AnyAsync(u => u.Tokens == 120 && u.TooSlow == 1, Cancel),
            "the turn is counted");
    }

    private static ModelSettings Model(string sdk, string address) =>
        new(sdk, sdk == ServerSettings.OpenAi ? address + "/v1" : address, Secret, "stub", Seconds, 2, 1_000, 1_000);

    private static ProcessMessageRequest Turn() => new(
        Protocol.Version, Guid.CreateVersion7(), [new TurnMessage("m1", "hello", DateTimeOffset.UnixEpoch)], [],
        BasketState.Empty, [], "en", new Dictionary<string, string>(), 0);

    private static async Task<(Reply Reply, ModelUseRow Row, string Line)> AskAsync(string sdk, string address)
    {
        var log = new RecordedLog();
        await using var server = await TestServer.StartAsync(Engine.Sqlite, Model(sdk, address),
            services => services.AddSingleton<ILoggerProvider>(log));
        var (_, client) = await server.AddShopAsync();
        var watch = Stopwatch.StartNew();
        using var response = await client.PostAsJsonAsync("/api/process-message", Turn(), Cancel);
        response.EnsureSuccessStatusCode();
        var reply = (await response.Content.ReadFromJsonAsync<Reply>(Cancel))!;
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(Seconds + 10), $"took {watch.Elapsed}");
        Assert.Equal(Reply.ByReader, reply.By);
        await using var db = server.Database();
        return (reply, await db.ModelUse.SingleAsync(Cancel),
            Assert.Single(log.Lines, l => l.Contains("The model did not answer", StringComparison.Ordinal)));
    }

    // The only reason that has a turn.
    private static ModelFailure Counted(ModelUseRow row) => Assert.Single(
        new[]
        {
            (ModelFailure.OverBudget, row.OverBudget), (ModelFailure.TooSlow, row.TooSlow),
            (ModelFailure.Unreachable, row.Unreachable), (ModelFailure.Refused, row.Refused),
            (ModelFailure.BadAnswer, row.BadAnswer), (ModelFailure.ToolFailed, row.ToolFailed),
        }, r => r.Item2 == 1).Item1;

    private static Task Hang(HttpContext http) =>
        Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    // A bare socket, because a web server takes what is written to a lost connection without an error. Returns how much
    // could be sent.
    private static async Task<long> SendBlanksAsync(TcpListener provider)
    {
        using var client = await provider.AcceptSocketAsync(Cancel);
        await client.ReceiveAsync(new byte[1], Cancel);
        var (sent, blanks) = (0L, Encoding.ASCII.GetBytes(new string(' ', 64 * 1024)));
        try
        {
            await client.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"u8.ToArray(), Cancel);
            for (; sent < 400_000_000; sent += blanks.Length) await client.SendAsync(blanks, Cancel);
        }
        catch (SocketException)
        {
            return sent;
        }

        return sent;
    }

    private static async Task Trickle(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        try
        {
            while (true)
            {
                await http.Response.WriteAsync(" ", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await Task.Delay(100, http.RequestAborted);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            await http.Response.CompleteAsync();
        }
    }

    private static async Task Cut(HttpContext http)
    {
        var answer = Encoding.UTF8.GetBytes(ProviderAnswer.Text("{}").ToJsonString());
        http.Response.ContentLength = answer.Length;
        await http.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2), http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        http.Abort();
    }

    private static Task Redirect(HttpContext http)
    {
        http.Response.Redirect("http://127.0.0.1:1/elsewhere");
        return Task.CompletedTask;
    }

    private static Func<HttpContext, Task> Refuse(int status) => http =>
        SayAsync(http, status, "{\"type\":\"error\",\"error\":{\"type\":\"stub\",\"message\":\"The stub refuses.\"}}");

    private static Func<HttpContext, Task> Say(string body) => http => SayAsync(http, 200, body);

    private static Func<HttpContext, Task> SayText(string text) => http =>
        ProviderAnswer.WriteAsync(http, ProviderAnswer.Text(text));

    private static Func<HttpContext, Task> CallTool(string name) => http =>
        ProviderAnswer.WriteAsync(http, ProviderAnswer.Calls((name, "{}")));

    private static Task SayAsync(HttpContext http, int status, string body)
    {
        (http.Response.StatusCode, http.Response.ContentType) = (status, "application/json");
        return http.Response.WriteAsync(body, http.RequestAborted);
    }
}
