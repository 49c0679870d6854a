using System.Text.Json.Nodes;
using Sak.Sync.Model;

namespace Sak.Tools.Understand;

/// <summary>
/// Scores readings by the rules of FORMAT.md: the resulting baskets are compared; a guess instead of a due question is
/// wrong; a line from a message that is no order is a serious error.
/// </summary>
internal sealed class ReadingScore(IReadOnlyDictionary<string, Product> products)
{
    private int _right;
    private int _extra;
    private int _missing;
    private int _messages;
    private int _exact;
    private int _asked;
    private int _askedRight;

    public int Serious { get; private set; }

    public double F1 => 2.0 * _right / Math.Max(1, (2 * _right) + _extra + _missing);

    public double Exact => (double)_exact / Math.Max(1, _messages);

    public double Clarify => _asked == 0 ? 1 : (double)_askedRight / _asked;

    /// <summary>Adds one message; false when it is not an exact match.</summary>
    public bool Add(JsonNode message, JsonNode answer)
    {
        var (want, got) = (Wanted(message), Amounts(answer["lines"]!.AsArray()));
        var questions = Kinds(message["clarify"]);
        var put = Kinds(answer["clarify"]);
        var good = questions.Count > 0 && questions.IsSubsetOf(put);
        var match = Accepted(message, want, questions.Count > 0).Where(a => good || !a.MustAsk).Select(a => a.Lines)
            .FirstOrDefault(lines => Same(lines, got));
        if (match is not null) want = match;
        else if (questions.Count > 0 && !good && message["accept"]?["alt"] is not null) want = [];

        var hits = got.Count(line => want.TryGetValue(line.Key, out var quantity) && quantity == line.Value);
        bool? clarified = questions.Count > 0 ? (good || match is not null) && got.Keys.All(want.ContainsKey)
            : put.Count > 0 ? false : null;
        var serious = Tags(message).Contains("no_order") ? answer["lines"]!.AsArray().Count : 0;
        var isExact = (string?)answer["intent"] == (string?)message["intent"] && hits == got.Count
            && hits == want.Count && clarified != false && serious == 0;
        (_right, _extra, _missing, _messages) = (_right + hits, _extra + got.Count - hits,
            _missing + want.Count - hits, _messages + 1);
        if (clarified is not null) _asked++;
        if (clarified == true) _askedRight++;
        Serious += serious;
        if (isExact) _exact++;
        return isExact;
    }

    public override string ToString() =>
        $"{_messages} messages: line F1 {F1:P1}, exact {Exact:P1}, clarify {Clarify:P1}, serious {Serious}";

    private static Dictionary<string, decimal> Wanted(JsonNode message)
    {
        var lines = message["lines"]!.AsArray();
        if (Tags(message).Contains("no_order")) return [];
        if ((string?)message["intent"] != "modify") return Amounts(lines);
        var cart = Amounts(message["context"]?["cart"]?.AsArray() ?? []);
        foreach (var line in lines)
        {
            if ((string?)line!["item"] is not { } item) continue;
            if ((string?)line["op"] == "remove") cart.Remove(item);
            else if (Number(line["base_qty"]) is { } quantity)
                cart[item] = quantity + ((string?)line["op"] is null or "add" ? cart.GetValueOrDefault(item) : 0);
        }

        return cart.Where(l => l.Value != 0).ToDictionary();
    }

    private List<(Dictionary<string, decimal> Lines, bool MustAsk)> Accepted(JsonNode message,
        Dictionary<string, decimal> want, bool mustAsk)
    {
        var accepted = new List<(Dictionary<string, decimal>, bool)> { (want, mustAsk) };
        foreach (var (key, value) in message["accept"]?.AsObject() ?? [])
        {
            var readings = key == "alt"
                ? value!.AsArray()
                    .Select(l => (Item: (string?)l!["item"], Unit: (string?)l["unit"], Quantity: Number(l["qty"])))
                : message["lines"]!.AsArray().Where(l => (string?)l!["item"] == key)
                    .SelectMany(
                        l => value!.AsArray()
                            .Select(u => (Item: (string?)key, Unit: (string?)u, Quantity: Number(l!["qty"]))));
            foreach (var (item, unit, quantity) in readings)
            {
                if (item is null || unit is null || quantity is null
                    || products.GetValueOrDefault(item)?.BaseUnitsIn(unit) is not { } size) continue;
                var taken = key == "alt" ? [] : want.ToDictionary();
                taken[item] = quantity.Value * size;
                accepted.Add((taken, key == "alt" && mustAsk));
            }

            if (key == "alt") accepted.Add(([], mustAsk));
        }

        return accepted;
    }

    private static Dictionary<string, decimal> Amounts(JsonArray lines) =>
        lines.Where(l => l!["item"] is not null && l["base_qty"] is not null)
            .GroupBy(l => (string)l!["item"]!, l => Number(l!["base_qty"])!.Value)
            .Where(g => g.Sum() != 0).ToDictionary(g => g.Key, g => g.Sum());

    // "SKU:unit" and "unit" are the same question; a question about the size asks for the product.
    private static HashSet<string> Kinds(JsonNode? clarify) =>
        [.. (clarify?.AsArray() ?? []).Select(c => (string)c!)
            .Select(c => c.StartsWith("not_in_catalog", StringComparison.Ordinal)
                ? "not_in_catalog"
                : c[(c.IndexOf(':') + 1)..]).Select(k => k == "size" ? "product" : k)];

    private static IEnumerable<string> Tags(JsonNode message) => message["tags"]!.AsArray().Select(t => (string)t!);

    private static decimal? Number(JsonNode? node) => node is null ? null : decimal.Round(node.GetValue<decimal>(), 6);

    private static bool Same(Dictionary<string, decimal> a, Dictionary<string, decimal> b) =>
        a.Count == b.Count && a.All(l => b.TryGetValue(l.Key, out var quantity) && quantity == l.Value);
}
