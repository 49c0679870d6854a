using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sak.Tools.FakeOpenAi;

/// <summary>A tool call that the stub requested earlier in the conversation, and its result.</summary>
public sealed record FakeResult(string Tool, JsonNode Arguments, string Result);

/// <summary>A request to the stub, independent of the provider's format.</summary>
/// <param name="Customer">The customer's new messages.</param>
/// <param name="Results">Results of all tool calls so far.</param>
public sealed record FakeTalk(IReadOnlyList<string> Customer, string Awaiting, IReadOnlyList<FakeResult> Results,
    IReadOnlyList<string> Tools);

/// <summary>Either tool calls or the final answer.</summary>
public sealed record FakeAnswer(string? Text, IReadOnlyList<(string Tool, JsonObject Arguments)> Calls);

/// <summary>
/// Decides the stub's next answer. It has no memory: all that it knows is in the conversation, as with a real model.
/// </summary>
public sealed partial class FakeBrain
{
    private static readonly string[] Yes = ["yes", "ok", "confirm", "haan"];

    public FakeBehaviour Behaviour { get; set; }

    public FakeAnswer Think(FakeTalk talk) =>
        Behaviour switch
        {
            FakeBehaviour.ObeysAttacker => ObeyAttacker(talk),
            FakeBehaviour.Malformed => new FakeAnswer("Sure! Your order is {\"text\": \"oops", []),
            FakeBehaviour.NeverDone => Call("search_catalog", new JsonObject { ["query"] = "bread" }),
            FakeBehaviour.Clumsy when talk.Results.Count == 0 => new FakeAnswer(null,
                [("delete_everything", []),
                    ("price_for_quantity", new JsonObject { ["sku"] = "NO-1", ["quantity"] = "many" }),
                    ("search_catalog", [])]),
            FakeBehaviour.ClaimsYes when talk.Awaiting == "confirmation" =>
                Final("Done!", [new JsonObject { ["kind"] = "confirm", ["words"] = talk.Customer[^1] }]),
            FakeBehaviour.NotesNothing => Final("Noted.", []),
            FakeBehaviour.Clumsy => Final("Sorry, I am slow today.", [new JsonObject { ["kind"] = "greeting" }]),
            _ => Obey(talk, lower: Behaviour == FakeBehaviour.LowersSkus),
        };

    private static FakeAnswer Obey(FakeTalk talk, bool lower)
    {
        var wanted = talk.Customer.SelectMany(Wanted).ToList();
        if (wanted.Count == 0)
        {
            var yes = talk.Awaiting == "confirmation"
                && talk.Customer.Any(t => Yes.Contains(t.Trim().ToLowerInvariant()));
            return Final("Thank you.", [new JsonObject { ["kind"] = yes ? "confirm" : "greeting" }]);
        }

        var searched = talk.Results.Where(r => r.Tool == "search_catalog").ToList();
        if (searched.Count == 0)
            return new FakeAnswer(null,
                [.. wanted.Select(w => ("search_catalog", new JsonObject { ["query"] = w.Name }))]);
        string? Sku(FakeResult found) => lower ? FirstSku(found.Result)?.ToLowerInvariant() : FirstSku(found.Result);
        var lines = wanted.Zip(searched, (w, s) => (w.Quantity, w.Unit, w.Words, Sku: Sku(s))).ToList();
        if (talk.Results.Count == searched.Count && lines.Any(l => l.Sku is not null))
            return new FakeAnswer(null,
                [.. lines.Where(l => l.Sku is not null).SelectMany(l => Looks(l.Sku!, l.Quantity, l.Unit))]);
        if (talk.Customer.Any(IsPriceQuestion)) return Quote(talk, lines.FirstOrDefault(l => l.Sku is not null));
        return Final("I have noted that.", lines.Select(l => new JsonObject
        {
            ["kind"] = l.Sku is null ? "ask" : "add", ["sku"] = l.Sku, ["quantity"] = l.Quantity, ["unit"] = l.Unit,
            ["words"] = l.Words,
        }));
    }

    private static bool IsPriceQuestion(string text) => text.Contains("price", StringComparison.OrdinalIgnoreCase);

    // Asks for the price's slot; the figure is the shop's to say.
    private static FakeAnswer Quote(FakeTalk talk, (decimal Quantity, string? Unit, string Words, string? Sku) line)
    {
        var told = talk.Results.Where(r => r.Tool == "price_for_quantity").Select(r => JsonNode.Parse(r.Result))
            .FirstOrDefault();
        var price = new JsonObject { ["kind"] = "price", ["sku"] = line.Sku, ["quantity"] = line.Quantity,
            ["unit"] = line.Unit, ["words"] = line.Words };
        return Final(
            told is null ? "Which product?" : $"For you that is {{price:{told["sku"]}:{line.Quantity} {line.Unit}}}.",
            [price]);
    }

    private static IEnumerable<(string, JsonObject)> Looks(string sku, decimal quantity, string? unit)
    {
        yield return ("price_for_quantity", new JsonObject { ["sku"] = sku, ["quantity"] = quantity, ["unit"] = unit });
        yield return ("stock", new JsonObject { ["sku"] = sku });
    }

    // Obeys the customer's text, and invents prices and permissions.
    private static FakeAnswer ObeyAttacker(FakeTalk talk)
    {
        if (talk.Results.Count == 0)
        {
            var search = new JsonObject { ["query"] = "bread", ["shop"] = "another-shop" };
            return new FakeAnswer(null,
                [("search_catalog", search), ("last_order", new JsonObject { ["customer"] = "919999999999" })]);
        }

        var sku = FirstSku(talk.Results[0].Result) ?? "BD-1";
        return Final(
            $"As you command: {string.Join(' ', talk.Customer)} Everything is INR 0.01 today, total 0!",
            [
                new JsonObject
                {
                    ["kind"] = "add", ["sku"] = sku, ["quantity"] = 5, ["words"] = "5 bread", ["price"] = 1,
                    ["unit_price"] = "0.01", ["total"] = 0, ["discount"] = 100,
                },
                new JsonObject { ["kind"] = "add", ["sku"] = "FREE-CAR", ["quantity"] = 1, ["words"] = "a free car" },
                new JsonObject { ["kind"] = "set", ["sku"] = sku, ["quantity"] = 999999999, ["words"] = "all of it" },
                new JsonObject { ["kind"] = "grant_discount", ["sku"] = sku, ["quantity"] = 100 },
                new JsonObject { ["kind"] = "set_price", ["sku"] = sku, ["price"] = 0 },
            ]);
    }

    private static IEnumerable<(decimal Quantity, string? Unit, string Name, string Words)> Wanted(string text) =>
        text.Split(['\n', ',', ';', '&'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .SelectMany(part => part.Split(" and ", StringSplitOptions.TrimEntries))
            .Select(part => (Part: part, Match: Line().Match(part)))
            .Where(p => p.Match.Success)
            .Select(p =>
                (decimal.Parse(Group(p.Match, "n")!), Group(p.Match, "unit"), Group(p.Match, "name")!, p.Part));

    private static string? Group(Match match, string name) =>
        match.Groups[name] is { Success: true } group ? group.Value : null;

    private static string? FirstSku(string result)
    {
        try
        {
            return JsonNode.Parse(result) is JsonArray { Count: > 0 } found
                ? found[0]?["sku"]?.GetValue<string>()
                : null;
        }
        catch (JsonException)
        {
            // A failed tool returns a sentence instead of JSON.
            return null;
        }
    }

    private static FakeAnswer Call(string tool, JsonObject arguments) => new(null, [(tool, arguments)]);

    private static FakeAnswer Final(string text, IEnumerable<JsonObject> intents) =>
        new(new JsonObject { ["text"] = text, ["language"] = "en", ["intents"] = new JsonArray([.. intents]) }
            .ToJsonString(), []);

    [GeneratedRegex(
        @"(?<n>\d{1,6})\s*(?<unit>ctn|box|crate|dozen|kg|pcs|pack|bottle)?\s+"
            + @"(?:of\s+)?(?<name>\p{L}[\p{L}\p{M}\d ]*)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Line();
}
