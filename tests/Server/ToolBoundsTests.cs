using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sak.Server.Replies;
using Sak.Server.Settings;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Server;

/// <summary>What a model may do with tools and what it learns of them, through both SDKs.</summary>
public sealed class ToolBoundsTests
{
    private readonly ConcurrentQueue<string> _bodies = new();
    private readonly Shelf _shelf = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Sdks => [ServerSettings.OpenAi, ServerSettings.Anthropic];

    /// <summary>A catalog with one product, or one that fails.</summary>
    private sealed class Shelf : ICatalogSearch
    {
        public Exception? Fault { get; init; }
        public string Name { get; init; } = "Ação ब्रेड \"Bread\" <1>";

        public ValueTask<IReadOnlyList<Product>> FindAsync(IReadOnlyList<string> words, int limit,
            CancellationToken cancel) => GetAsync(["BD-1"], cancel);

        public ValueTask<IReadOnlyList<Product>> GetAsync(IReadOnlyCollection<string> skus, CancellationToken cancel) =>
            Fault is not null ? throw Fault
                : ValueTask.FromResult<IReadOnlyList<Product>>([new Product(Guid.Empty, "BD-1", Name, [],
                    "pack", [], new Money(235, "INR"), 0, 40_000)]);
    }

    [Theory]
    [MemberData(nameof(Sdks))]
    public async Task Tools_have_plain_names_and_their_results_are_compact(string sdk)
    {
        var run = await RunAsync(sdk, _shelf, ProviderAnswer.Calls(("search_catalog", "{\"query\":\"bread\"}"),
            ("stock", "{\"sku\":\"BD-1\"}"), ("last_order", "{}")), Final);

        Assert.Equal((Reply.ByModel, 3), (run.Reply!.By, run.Reply.Cost!.ToolCalls));
        var first = JsonNode.Parse(_bodies.First())!;
        Assert.Equal(["search_catalog", "price_for_quantity", "stock", "last_order"],
            first["tools"]!.AsArray().Select(t => (t!["function"] ?? t)["name"]!.GetValue<string>()));
        var told = Strings(JsonNode.Parse(_bodies.Last())!["messages"]!).ToList();
        Assert.Contains("[{\"sku\":\"BD-1\",\"name\":\"Ação ब्रेड \\\"Bread\\\" <1>\",\"unit\":\"pack\",\"packs\":[],"
            + "\"price\":\"2.35\",\"currency\":\"INR\"}]", told);
        Assert.Contains("{\"sku\":\"BD-1\",\"unit\":\"pack\",\"onHand\":\"40\",\"counted\":true}", told);
        Assert.Contains("[{\"sku\":\"ML-1\",\"quantity\":2,\"unit\":\"bottle\"}]", told);
    }

    [Theory]
    [MemberData(nameof(Sdks))]
    public async Task A_tool_that_fails_ends_the_talk_and_the_model_learns_nothing_of_it(string sdk)
    {
        var run = await RunAsync(sdk, new Shelf { Fault = new IOException("Password=hunter2 at 10.0.0.7") },
            ProviderAnswer.Calls(("stock", "{\"sku\":\"BD-1\"}")), Final);

        Assert.Equal(ModelFailure.ToolFailed, run.Failure!.Kind);
        Assert.Equal((100, 20), (run.InputTokens, run.OutputTokens));
        Assert.Single(_bodies);
    }

    [Theory]
    [MemberData(nameof(Sdks))]
    public async Task A_models_own_mistake_is_told_to_the_model_in_a_short_sentence(string sdk)
    {
        var run = await RunAsync(sdk, _shelf, ProviderAnswer.Calls(("stock", "{}"),
            ("price_for_quantity", $"{{\"sku\":\"BD-1\",\"quantity\":\"{new string('9', 4_000)}x\",\"unit\":\"\"}}"),
            ("price_for_quantity", "{\"sku\":\"BD-1\",\"quantity\":1e999,\"unit\":\"pack\"}")), Final);

        Assert.Equal(Reply.ByModel, run.Reply!.By);
        var told = Strings(JsonNode.Parse(_bodies.Last())!["messages"]!)
            .Where(text => text.StartsWith("The arguments are wrong", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, told.Count);
        Assert.All(told, text => Assert.True(text.Length <= 300, text));
    }

    [Theory]
    [MemberData(nameof(Sdks))]
    public async Task A_long_result_is_cut(string sdk)
    {
        await RunAsync(sdk, new Shelf { Name = new string('n', 50_000) },
            ProviderAnswer.Calls(("search_catalog", "{\"query\":\"n\"}")), Final);

        Assert.True(Strings(JsonNode.Parse(_bodies.Last())!["messages"]!).Where(t => t.Contains("nnn")).Max(t =>
            t.Length) is 8_000);
    }

    [Theory]
    [MemberData(nameof(Sdks))]
    public async Task Twenty_one_calls_at_once_end_the_talk_before_the_first(string sdk)
    {
        var run = await RunAsync(sdk, _shelf,
            ProviderAnswer.Calls([.. Enumerable.Repeat(("search_catalog", "{\"query\":\"bread\"}"), 21)]), Final);

        Assert.Equal((ModelFailure.BadAnswer, "the model asked for 21 tool calls at once"),
            (run.Failure!.Kind, run.Failure.Why));
        Assert.Single(_bodies);
    }

    [Theory]
    [MemberData(nameof(Sdks))]
    public async Task A_strict_model_is_held_to_the_schema_of_a_reply(string sdk)
    {
        var run = await RunAsync(sdk, _shelf, Final, Final, strict: true);

        Assert.Equal(Reply.ByModel, run.Reply!.By);
        var body = JsonNode.Parse(_bodies.Single())!;
        var schema = sdk == ServerSettings.OpenAi
            ? body["response_format"]!["json_schema"]!["schema"]! : body["output_config"]!["format"]!["schema"]!;
        var intent = schema["properties"]!["intents"]!["items"]!;
        Assert.Equal(["kind", "sku", "quantity", "unit", "words", "candidates"],
            intent["required"]!.AsArray().Select(f => f!.GetValue<string>()));
        var kinds = intent["properties"]!["kind"]!["enum"]!.AsArray().Select(k => k!.GetValue<string>());
        Assert.Equal(Enum.GetValues<IntentKind>().Select(kind => kind.Text()), kinds);
        if (sdk == ServerSettings.OpenAi) Assert.True((bool)body["response_format"]!["json_schema"]!["strict"]!);
    }

    [Theory]
    [MemberData(nameof(Sdks))]
    public async Task Without_the_setting_no_form_is_asked_of_the_provider(string sdk)
    {
        await RunAsync(sdk, _shelf, Final, Final);
        Assert.Null(JsonNode.Parse(_bodies.Single())!["response_format"]);
        Assert.Null(JsonNode.Parse(_bodies.Single())!["output_config"]);
    }

    private async Task<ModelRun> RunAsync(string sdk, ICatalogSearch catalog, JsonObject first, JsonObject then,
        bool strict = false)
    {
        await using var provider = await RawProvider.StartAsync(async http =>
        {
            _bodies.Enqueue(await new StreamReader(http.Request.Body).ReadToEndAsync(Cancel));
            await ProviderAnswer.WriteAsync(http, _bodies.Count == 1 ? first : then);
        }, Cancel);
        var model = new ModelSettings(sdk, sdk == ServerSettings.OpenAi ? provider.Address + "/v1" : provider.Address,
            "key", "stub", 20, 5, 1_000, 500_000, strict);
        var settings = new ServerSettings("", "", ServerSettings.Sqlite, "", model);
        using var models = new ChatModels(settings);
        var request = new ProcessMessageRequest(
            Protocol.Version, Guid.CreateVersion7(), [new TurnMessage("m1", "bread", DateTimeOffset.UnixEpoch)], [],
            BasketState.Empty, [new BasketLine("ML-1", 2, "bottle", 2_000, "2 milk", "m")], "en",
            new Dictionary<string, string>(), 1);
        return await new ModelReplier(models, settings, TimeProvider.System)
            .RunAsync(request, catalog, new PriceRules("INR", false), Cancel);
    }

    private static JsonObject Final =>
        ProviderAnswer.Text("""{"text":"Noted.","language":"en","intents":[]}""");

    // Every text of a conversation, also those within texts' parts.
    private static IEnumerable<string> Strings(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Strings),
        JsonObject fields => fields.SelectMany(f => Strings(f.Value)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };
}
