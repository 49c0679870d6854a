using System.Text.Json.Nodes;
using CsvHelper;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Message;
using Sak.Sync.Wire;

namespace Sak.Tools.Understand;

/// <summary>Reads a catalog and messages of the development format, and writes answers of it.</summary>
internal static class DevelopmentSet
{
    public sealed record SampleMessage(string Id, string Text, JsonObject Context);

    /// <summary>Throws <see cref="FormatException"/> with the line and what is wrong with it.</summary>
    public static List<Product> ReadCatalog(string path, string currency)
    {
        using var reader = new StreamReader(path);
        using var csv = new CsvReader(reader, System.Globalization.CultureInfo.InvariantCulture);
        var products = new List<Product>();
        csv.Read();
        csv.ReadHeader();
        while (csv.Read())
        {
            var price = csv.GetField("price") ?? "";
            if (!Money.TryParse(price, currency, out var money))
                throw new FormatException(
                    $"{path}, line {csv.Parser.Row}: price \"{price}\" is not an amount of {currency}.");
            var id = new Guid(products.Count, 0, 0, new byte[8]);
            products.Add(
                new Product(id, csv.GetField("sku")!, csv.GetField("name")!,
                    Product.ReadAliases(csv.GetField("aliases") ?? ""), csv.GetField("unit")!,
                    Product.ReadPacks(csv.GetField("pack") ?? ""), money, 0));
        }

        return products;
    }

    public static IEnumerable<SampleMessage> ReadMessages(string path)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (JsonNode.Parse(line) is not JsonObject row || row["id"]?.GetValue<string>() is not { } id)
                throw new FormatException($"{path}, line {number}: no JSON object with an id.");
            yield return new SampleMessage(id, row["text"]?.GetValue<string>() ?? "",
                row["context"] as JsonObject ?? []);
        }
    }

    /// <summary>What the agent would have known and sent for this message.</summary>
    public static ProcessMessageRequest ToRequest(SampleMessage row)
    {
        var context = row.Context;
        var cart = Lines(context["cart"]);
        var previous = Texts(context["previous"]);
        // With a cart open, what was written before is in it already; without one it still waits to be read.
        var messages =
            (cart.Count > 0 ? [] : previous).Select(
                (text, i) => new TurnMessage($"{row.Id}-{i}", text, DateTimeOffset.UnixEpoch)).ToList();
        messages.Add(Message(row));
        var basket = new BasketState(cart, [], AwaitingOf(context), 0, Texts(context["discussed"]));
        var history = (cart.Count > 0 ? previous : []).Select(p => new PastTurn(p, "")).ToList();
        return new ProcessMessageRequest(1, Guid.Empty, messages, history, basket, Lines(context["last_order"]), "",
            new Dictionary<string, string>(), 0)
            { QuantityMissing = EnumText.Read<QuantityMissing>((string?)context["quantity_missing"] ?? "") ?? default };
    }

    /// <summary>The answer in the form that <see cref="ReadingScore"/> compares.</summary>
    public static JsonObject ToAnswer(SampleMessage row, ProcessMessageRequest request, TurnReading reading,
        IReadOnlyDictionary<string, Product> products) =>
        ToAnswer(row, request, reading.Purpose, reading.ToReply().Intents, products);

    /// <summary>The same of what the server answered, whoever read it there.</summary>
    public static JsonObject ToAnswer(SampleMessage row, ProcessMessageRequest request, Reply reply,
        IReadOnlyDictionary<string, Product> products) =>
        ToAnswer(row, request, ReplyPurpose.Of(reply, request), reply.Intents, products);

    private static JsonObject ToAnswer(SampleMessage row, ProcessMessageRequest request, Purpose purpose,
        IReadOnlyList<Intent> intents, IReadOnlyDictionary<string, Product> products)
    {
        var before = purpose == Purpose.Modify ? request.Basket : BasketState.Empty;
        var ordering = purpose is Purpose.Order or Purpose.Modify or Purpose.Reorder or Purpose.Negotiate;
        var lines = ordering ? Basket.Apply(before, intents, products).State.Lines : [];
        var clarify = ordering ? intents.Select(i => i.Open).OfType<OpenLine>().SelectMany(Questions).Distinct() : [];
        return new JsonObject
        {
            ["id"] = row.Id,
            ["intent"] = Expected(purpose).Text(),
            ["lines"] = new JsonArray(
                [.. lines.Select(l => new JsonObject { ["item"] = l.Sku, ["base_qty"] = l.BaseQuantity / 1000m })]),
            ["clarify"] = new JsonArray([.. clarify.Select(c => JsonValue.Create(c))]),
        };
    }

    private static IEnumerable<string> Questions(OpenLine line) => line.Asks switch
    {
        AskedFor.Product => line.Quantity is null ? ["product", "qty"] : ["product"],
        AskedFor.Quantity => ["qty"],
        AskedFor.Unit => [$"{line.Sku}:unit"],
        _ => [$"not_in_catalog:{line.Words}"],
    };

    private static Purpose Expected(Purpose purpose) =>
        purpose is Purpose.Thanks or Purpose.Stop or Purpose.Decline ? Purpose.Other : purpose;

    private static TurnMessage Message(SampleMessage row)
    {
        var context = row.Context;
        var (kind, before) = context["media"]?.GetValue<string>() switch
        {
            "ptt" => ("voice", null),
            { } => ("image", null),
            _ when context["edited_from"] is { } edited => ("edited", edited.GetValue<string>()),
            _ when context["deleted"] is { } deleted => ("deleted", deleted.GetValue<string>()),
            _ => ("text", null),
        };
        return new TurnMessage(row.Id, row.Text, DateTimeOffset.UnixEpoch, kind, before,
            context["forwarded"]?.GetValue<bool>() ?? false);
    }

    private static Awaiting AwaitingOf(JsonObject context) => context["awaiting"]?.GetValue<string>() switch
    {
        "qty" => Awaiting.Quantity,
        { } awaiting when EnumText.Read<Awaiting>(awaiting) is { } known => known,
        _ => Awaiting.Nothing,
    };

    private static List<string> Texts(JsonNode? node) =>
        node is JsonArray array ? [.. array.Select(a => a!.GetValue<string>())] : [];

    private static List<BasketLine> Lines(JsonNode? node)
    {
        if (node is not JsonArray array) return [];
        return [.. array.OfType<JsonObject>().Where(l => l["item"] is not null && l["base_qty"] is not null).Select(l =>
            new BasketLine(l["item"]!.GetValue<string>(),
                l["qty"]?.GetValue<decimal>() ?? l["base_qty"]!.GetValue<decimal>(),
                l["unit"]?.GetValue<string>() ?? "pcs", (long)(l["base_qty"]!.GetValue<decimal>() * 1000), "", ""))];
    }
}
