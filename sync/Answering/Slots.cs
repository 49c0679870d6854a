using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sak.Sync.Model;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Answering;

/// <summary>The facts that a model's text may ask for by a slot: <c>{price:OIL-1}</c>, <c>{total}</c>.</summary>
public enum Slot
{
    /// <summary><c>{name:SKU}</c>: the product's name.</summary>
    Name,

    /// <summary><c>{price:SKU}</c> of one, <c>{price:SKU:2 ctn}</c> of a quantity.</summary>
    Price,

    /// <summary><c>{stock:SKU}</c>: what is there, in the product's unit.</summary>
    Stock,

    /// <summary><c>{quantity:SKU}</c>: how much of it the basket holds.</summary>
    Quantity,

    /// <summary><c>{total}</c>: of the basket.</summary>
    Total,

    /// <summary><c>{balance}</c>: what the customer owes.</summary>
    Balance,

    /// <summary><c>{order}</c>: the number of the customer's latest order.</summary>
    Order,
    Hours,
    Address,
    Phone,
    Delivery,

    /// <summary><c>{quote}</c>: the customer's own words, short and without figures.</summary>
    Quote,
}

/// <summary>
/// Puts the shop's own facts into a model's text. If one fact is missing, the whole text is not used: the template is
/// better than half a sentence. Pure.
/// </summary>
public static partial class Slots
{
    private static readonly char[] SentenceEnds = ['.', '!', '?', '\n', '।', '؟'];

    /// <summary>A slot and its place in the text.</summary>
    internal readonly record struct FoundSlot(Slot Slot, string Sku, string Amount, int Index, int Length);

    /// <summary>The products that a text names in slots.</summary>
    public static IEnumerable<string> Skus(string? text) =>
        text is null ? [] : In(text).Select(f => f.Sku).Where(sku => sku.Length > 0).Distinct();

    /// <summary>The text with every slot filled, or null when one can't be.</summary>
    public static string? Fill(string text, ReplyFacts facts)
    {
        var (filled, at) = (new StringBuilder(), 0);
        foreach (var found in In(text))
        {
            if (Value(found, facts) is not { Length: > 0 } value || IsOfPack(found, text, facts)) return null;
            filled.Append(text, at, found.Index - at).Append(value);
            at = found.Index + found.Length;
        }

        return filled.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The sums that a text's slots stand for.</summary>
    internal static IEnumerable<Money> Sums(string? text, ReplyFacts facts) =>
        text is null ? [] : In(text).Where(f => f.Slot == Slot.Price).Select(f => PriceOf(f, facts)).OfType<Money>();

    internal static IEnumerable<FoundSlot> In(string text)
    {
        foreach (Match match in Pattern().Matches(text))
            if (Enum.TryParse<Slot>(match.Groups["slot"].Value, ignoreCase: true, out var slot))
            {
                var found = new FoundSlot(slot, match.Groups["sku"].Value.Trim(), match.Groups["amount"].Value.Trim(),
                    match.Index, match.Length);
                if (IsWhole(found)) yield return found;
            }
    }

    // Only a product's slot names one, and only a price is of a quantity.
    private static bool IsWhole(FoundSlot found)
    {
        var ofProduct = found.Slot is Slot.Name or Slot.Price or Slot.Stock or Slot.Quantity;
        return ofProduct == (found.Sku.Length > 0)
            && (found.Amount.Length == 0 || (found.Slot == Slot.Price && Asked(found.Amount) is not null));
    }

    // "2 ctn", or "2" of the product's unit.
    private static (decimal Quantity, string Unit)? Asked(string amount)
    {
        var parts = amount.Split(' ', 2, StringSplitOptions.TrimEntries);
        return decimal.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var quantity)
            && quantity > 0 ? (quantity, parts.Length > 1 ? parts[1].ToLowerInvariant() : "") : null;
    }

    private static string? Value(FoundSlot found, ReplyFacts facts) =>
        found.Slot switch
        {
            Slot.Name => ProductOf(found, facts)?.Name,
            Slot.Price => PriceOf(found, facts)?.ToString(),
            Slot.Stock => ProductOf(found, facts) is { OnHand: > 0 and var units } product
                ? new Quantity(units, product.Unit).ToString()
                : null,
            Slot.Quantity =>
                InBasket(found, facts) is { } line ? Quantity.Of(line.Quantity, line.Unit).ToString() : null,
            Slot.Total => facts.Basket.Lines.Count > 0
                ? new Money(facts.Basket.Gross, facts.Basket.Currency).ToString()
                : null,
            Slot.Order => facts.Latest?.Number,
            Slot.Hours => facts.Shop.Hours,
            Slot.Address => facts.Shop.Address,
            Slot.Phone => facts.Shop.Phone,
            Slot.Quote => Quote(facts),
            _ => null,
        };

    // "A crate is {price:BD-1}" gives a crate the price of one.
    private static bool IsOfPack(FoundSlot found, string text, ReplyFacts facts)
    {
        if (found is not { Slot: Slot.Price, Amount: "" } || ProductOf(found, facts) is not { } product) return false;
        var from = text.LastIndexOfAny(SentenceEnds, found.Index) + 1;
        var to = text.IndexOfAny(SentenceEnds, found.Index + found.Length);
        var sentence = to < 0 ? text[from..] : text[from..to];
        return Words().Matches(Normal.Text(Pattern().Replace(sentence, " ")))
            .Select(w => Lexicon.Shared.SenseOf(w.Value, PhraseKind.Unit)?.Value).OfType<string>()
            .Any(unit => product.BaseUnitsIn(unit) > 1 && !In(sentence).Any(s => Asked(s.Amount)?.Unit == unit));
    }

    private static Product? ProductOf(FoundSlot found, ReplyFacts facts) => facts.Products.GetValueOrDefault(found.Sku);

    private static BasketLine? InBasket(FoundSlot found, ReplyFacts facts) =>
        facts.Change.State.Lines.FirstOrDefault(l => l.Sku == found.Sku);

    private static Money? PriceOf(FoundSlot found, ReplyFacts facts)
    {
        if (ProductOf(found, facts) is not { } product) return null;
        if (Asked(found.Amount) is not (var quantity, var unit))
            return ReplyText.UnitPrice(facts, product, new Intent(IntentKind.Price, product.Sku));
        return ReplyText.PriceOf(facts, product,
            new Intent(IntentKind.Price, product.Sku, quantity, unit.Length > 0 ? unit : product.Unit));
    }

    // What the customer wrote last, if it holds nothing that a model may not say itself.
    private static string? Quote(ReplyFacts facts)
    {
        var words = ReplyText.Quoted(facts.CustomerWords.LastOrDefault() ?? "");
        return words.Trim('…').Length > 0 && ModelWords.Fault(words, facts.Reply.Language, isWhole: false) is null
            ? $"\"{words}\""
            : null;
    }

    [GeneratedRegex(@"\{(?<slot>[a-zA-Z]+)(?::(?<sku>[^{}:\n]{1,80}))?(?::(?<amount>[^{}:\n]{1,40}))?\}")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"[\p{L}\p{M}]+")]
    private static partial Regex Words();
}
