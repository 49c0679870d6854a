using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>
/// Reads what a model wrote. It proposes text and intents, nothing else: any other field (a price, a total, a discount)
/// is not looked at, a kind that is not known is dropped, a product that the shop does not have becomes a question.
/// </summary>
public static partial class ModelAnswer
{
    // Half of what a reply may hold: a model that writes more talks to itself.
    private const int MaxText = Protocol.MaxReplyText / 2;
    private const int MaxCandidates = 5;

    /// <summary>
    /// Throws <see cref="InvalidDataException"/> when the answer is not of the form that was asked for.
    /// </summary>
    public static async Task<(string Text, string Language, IReadOnlyList<Intent> Intents)> ReadAsync(
        string answer, ProcessMessageRequest request, ICatalogSearch catalog, CancellationToken cancel)
    {
        using var json = Parse(answer);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new InvalidDataException("it is not an object");
        var text = Text(root, "text") ?? throw new InvalidDataException("\"text\" is missing");
        if (text.Length > MaxText) throw new InvalidDataException("\"text\" is too long");
        if (!root.TryGetProperty("intents", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException("\"intents\" is missing");
        var proposed = list.EnumerateArray().Take(Protocol.MaxIntents).Select(Proposed.Read).ToList();
        var named = await SkuForm.FindAsync([.. proposed.SelectMany(p => p.Skus).Distinct()], catalog, cancel);
        var products = named.SelectMany(p => p).DistinctBy(p => p.Sku).ToDictionary(p => p.Sku);
        var language = Text(root, "language") is { } given && Tag().IsMatch(given) ? given : request.Language;
        var intents = proposed.Select(p => p.In(named).Intent(request, products)).OfType<Intent>();
        var reply = new Reply(text.Trim(), [.. intents], language, Reply.ByModel);
        var settled = ProposedReply.Settle(reply, await OrderReader.ExplainAsync(request, catalog, cancel));
        return (settled.Text, settled.Language, settled.Intents);
    }

    // The one liberty taken: many models put their JSON between fences, whatever they are told.
    private static JsonDocument Parse(string answer)
    {
        var text = answer.Trim();
        if (Fence().Match(text) is { Success: true } fenced) text = fenced.Groups[1].Value;
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("it is not JSON", e);
        }
    }

    private static string? Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex(@"^```(?:json)?\s*(.*?)\s*```$", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^[a-z]{2,3}(-[A-Za-z]{2,8})?$")]
    private static partial Regex Tag();

    private sealed record Proposed(string Kind, string? Sku, decimal? Quantity, string? Unit, string Words,
        IReadOnlyList<string> Candidates)
    {
        public IEnumerable<string> Skus => Sku is null ? Candidates : Candidates.Append(Sku);

        public static Proposed Read(JsonElement node)
        {
            if (node.ValueKind != JsonValueKind.Object) throw new InvalidDataException("an intent is not an object");
            var words = Text(node, "words") ?? "";
            var candidates = node.TryGetProperty("candidates", out var list) && list.ValueKind == JsonValueKind.Array
                ? list.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.String).Select(c => c.GetString()!)
                    .Take(MaxCandidates).ToList()
                : [];
            return new Proposed(
                Text(node, "kind") ?? throw new InvalidDataException("an intent has no kind"), Text(node, "sku"),
                Number(node),
                Text(node, "unit")?.Trim().ToLowerInvariant() is { Length: > 0 } unit ? unit : null,
                words.Length <= Protocol.MaxShortText ? words : words[..Protocol.MaxShortText], candidates);
        }

        /// <summary>With the SKUs as the shop writes them; one that may be several products asks which.</summary>
        public Proposed In(ILookup<string, Product> named)
        {
            var own = Sku is null ? [] : named[Sku].ToList();
            var others = Candidates.SelectMany(c => named[c]).Concat(own).Select(p => p.Sku).Distinct();
            return this with { Sku = own is [var one] ? one.Sku : null, Candidates = [.. others.Take(MaxCandidates)] };
        }

        public Intent? Intent(ProcessMessageRequest request, IReadOnlyDictionary<string, Product> products)
        {
            if (EnumText.Read<IntentKind>(Kind) is not { } kind) return null;
            var message = MessageOf(request);
            var product = Sku is null ? null : products.GetValueOrDefault(Sku);
            return kind switch
            {
                IntentKind.Ask => Ask(product, products, message),
                IntentKind.Add or IntentKind.Set =>
                    product is null ? Ask(null, products, message) : Line(kind, product, message),
                // The quantity that was priced: the lock lets the price of just that through. Without one, that of one
                // unit.
                IntentKind.Price when product is not null && (Unit is null || product.BaseUnitsIn(Unit) is not null) =>
                    new Intent(kind, product.Sku, Quantity ?? 1, Unit ?? product.Unit, Words, message),
                IntentKind.Remove =>
                    product is null
                        ? Ask(null, products, message)
                        : new Intent(kind, product.Sku, Words: Words, MessageId: message),
                _ => new Intent(kind, product?.Sku, Words: Words, MessageId: message),
            };
        }

        private Intent Line(IntentKind kind, Product product, string message)
        {
            var unit = Unit ?? product.Unit;
            if (product.BaseUnitsIn(unit) is null) return Open(AskedFor.Unit, product.Sku, Quantity, null, message);
            return Quantity is { } quantity && product.BaseQuantity(quantity, unit) is not null
                ? new Intent(kind, product.Sku, quantity, unit, Words, message)
                : Open(AskedFor.Quantity, product.Sku, null, unit, message);
        }

        private Intent Ask(Product? product, IReadOnlyDictionary<string, Product> products, string message)
        {
            var candidates = Candidates.Where(products.ContainsKey).ToList();
            if (product is null && candidates.Count == 0) return Unknown(message);
            if (product is null) return Open(AskedFor.Product, null, Quantity, Unit, message, candidates);
            return Open(Quantity is null ? AskedFor.Quantity : AskedFor.Unit, product.Sku, Quantity,
                Quantity is null ? Unit : null, message);
        }

        private Intent Unknown(string message) => Open(AskedFor.Unknown, null, Quantity, Unit, message);

        private Intent Open(AskedFor asks, string? sku, decimal? quantity, string? unit, string message,
            IReadOnlyList<string>? candidates = null) =>
            new(IntentKind.Ask, sku, quantity, unit, Words, message,
                new OpenLine(asks, Words, sku, quantity, unit, candidates ?? [], message));

        private string MessageOf(ProcessMessageRequest request) =>
            (request.Messages.LastOrDefault(
                m => Words.Length > 0 && m.Text.Contains(Words, StringComparison.OrdinalIgnoreCase))
                ?? request.Messages[^1]).Id;

        // Some models write numbers as text.
        private static decimal? Number(JsonElement node)
        {
            if (!node.TryGetProperty("quantity", out var value)) return null;
            return value.ValueKind switch
            {
                JsonValueKind.Number when value.TryGetDecimal(out var number) => number,
                JsonValueKind.String
                    when decimal.TryParse(value.GetString(), NumberStyles.AllowDecimalPoint,
                        CultureInfo.InvariantCulture, out var number) => number,
                _ => null,
            };
        }
    }
}
