using System.Diagnostics;
using System.Text.Json.Nodes;
using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;
using Sak.Tools.Understand;

namespace Sak.Tools.Evaluate;

/// <summary>One message, as the server answered it and as the reader reads it.</summary>
internal sealed record EvaluatedAnswer(string Id, string Text, string Expected, string Served, string Read,
    bool ServedRight, bool ReaderRight, bool ByModel, bool FalseYes, double Seconds, ReplyCost? Cost);

/// <summary>A set of messages with both scores.</summary>
internal sealed record SetResult(string Set, ReadingScore Served, ReadingScore Reader,
    IReadOnlyList<EvaluatedAnswer> Answers);

/// <summary>Asks the server each message of a set, and scores its answers beside the reader's.</summary>
internal static class MessageSet
{
    public static string Folder { get; } = Path.Combine(House.Root, "tests", "Data");

    public static string MessagesOf(string set) => Path.Combine(Folder, set, "messages.jsonl");

    public static async Task<SetResult> EvaluateAsync(EvaluatedServer server, string set, int limit,
        CancellationToken cancel)
    {
        var catalogFile = Path.Combine(Folder, set, "catalog.csv");
        var catalog = DevelopmentSet.ReadCatalog(catalogFile, "INR");
        var products = catalog.ToDictionary(p => p.Sku);
        var expected = File.ReadLines(MessagesOf(set)).Where(l => l.Length > 0).Select(l => JsonNode.Parse(l)!)
            .ToDictionary(n => (string)n["id"]!);
        var result = new SetResult(set, new ReadingScore(products), new ReadingScore(products), []);
        var answers = new List<EvaluatedAnswer>();
        using var shop = await server.OpenShopAsync(set, catalogFile, cancel);
        foreach (var row in DevelopmentSet.ReadMessages(MessagesOf(set)).Take(limit))
            answers.Add(await AskAsync(shop, row, expected[row.Id], products, result, cancel));
        return result with { Answers = answers };
    }

    private static async Task<EvaluatedAnswer> AskAsync(HttpClient shop, DevelopmentSet.SampleMessage row,
        JsonNode expected, Dictionary<string, Product> products, SetResult scores, CancellationToken cancel)
    {
        var request = DevelopmentSet.ToRequest(row) with { TurnId = Guid.CreateVersion7() };
        var clock = Stopwatch.StartNew();
        var reply = await EvaluatedServer.AskAsync(shop, request, cancel);
        var seconds = clock.Elapsed.TotalSeconds;
        var read = await OrderReader.ReadAsync(request, new CatalogInMemory(products.Values), cancel);
        var (served, reader) = (Answer(row, request, reply, expected, products),
            Answer(row, request, read, expected, products));
        return new EvaluatedAnswer(row.Id, row.Text, Words(expected), Words(served), Words(reader),
            scores.Served.Add(expected, served), scores.Reader.Add(expected, reader), reply.By == Reply.ByModel,
            (string?)served["intent"] == "confirm" && (string?)expected["intent"] != "confirm", seconds, reply.Cost);
    }

    // Both by their intents, as the wire has them; these do not say that an order repeats the last one.
    private static JsonNode Answer(DevelopmentSet.SampleMessage row, ProcessMessageRequest request, Reply reply,
        JsonNode expected, IReadOnlyDictionary<string, Product> products)
    {
        var answer = JsonNode.Parse(DevelopmentSet.ToAnswer(row, request, reply, products).ToJsonString())!;
        if ((string?)expected["intent"] == "reorder" && (string?)answer["intent"] is "order" or "modify")
            answer["intent"] = "reorder";
        return answer;
    }

    private static string Words(JsonNode answer)
    {
        var lines = answer["lines"]!.AsArray()
            .Select(l => $"{(string?)l!["item"] ?? "?"}={l["base_qty"]?.GetValue<decimal>().ToString("0.###") ?? "?"}");
        var asks = (answer["clarify"]?.AsArray() ?? []).Select(c => $"asks {c}");
        return string.Join(' ', [(string)answer["intent"]!, .. lines, .. asks]);
    }
}
