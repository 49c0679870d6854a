using System.Text;
using System.Text.RegularExpressions;
using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Answering;

/// <param name="Foreign">The figures that were found nowhere in the facts, as written.</param>
public sealed record LockVerdict(bool Passes, IReadOnlyList<string> Foreign);

/// <summary>
/// Reads a reply back before it leaves: each figure, in any script, must be a quantity, size, price, total, order
/// number or the shop's own. What the customer wrote is no fact: a bid never comes back as an amount. Names, SKUs,
/// order numbers and the shop's phone are taken out whole first, so that a part of a phone number never passes as a
/// price.
/// </summary>
public static partial class PriceLock
{
    private const string Gap = " ¤ ";

    public static LockVerdict Check(string text, ReplyFacts facts)
    {
        var allowed = new Allowed(facts);
        var rest = Without(Normal.Text(text.Length > Normal.MaxLength ? text[..Normal.MaxLength] : text),
            allowed.Whole);
        var foreign = new List<string>();
        if (text.Length > Normal.MaxLength) foreign.Add("…");
        foreach (Match figure in Figures().Matches(rest))
            if (!Passes(figure, rest, allowed)) foreign.Add(figure.Value.Trim());
        foreign.AddRange(OtherNumerals().Matches(rest).Select(m => m.Value));
        foreign.AddRange(SpelledPrices.Foreign(rest, allowed.Amounts, allowed.Rates));
        foreign.AddRange(SpelledPrices.Promises(Without(Normal.Text(text), allowed.Names)));
        return new LockVerdict(foreign.Count == 0, foreign);
    }

    private static bool Passes(Match figure, string text, Allowed allowed)
    {
        var before = text[..figure.Index];
        var after = text[(figure.Index + figure.Length)..];
        if (IsIndex(figure.Value, before, after, allowed)) return true;
        var values = Readings(figure.Value, allowed.Decimals);
        // A rate is only ever the tax's: "5% off" is no tax, whatever the tax is.
        if (Percent().IsMatch(after)) return values.Any(allowed.Rates.Contains) && Tax().IsMatch(Line(before, after));
        var line = Line(before, after);
        if (IsPriced(before, after) || (LooksLikeMoney(figure.Value, allowed.Decimals) && !IsCounted(after)))
            return values.Any(v => v > 0 && (SpeaksOfTotal(line) ? allowed.Totals : allowed.Amounts).Contains(v));
        return values.Any(v => allowed.Amounts.Contains(v)
            || (line.Contains('¤', StringComparison.Ordinal) && allowed.Quantities.Contains(v)));
    }

    private static string Line(string before, string after) =>
        before[(before.LastIndexOf('\n') + 1)..] + after.Split('\n')[0];

    // The price of a product is no total.
    private static bool SpeaksOfTotal(string line)
    {
        List<string> words = [.. Words().Matches(line).Select(m => m.Value)];
        return Enumerable.Range(0, words.Count).Any(
            i => ModelWordsTable.Shared.At(words, i, "").Any(w => w.Kind == WordKind.Total));
    }

    // "1." at the start of a line of the list.
    private static bool IsIndex(string figure, string before, string after, Allowed allowed) =>
        after.StartsWith(". ", StringComparison.Ordinal) && (before.Length == 0 || before[^1] == '\n')
            && int.TryParse(figure, out var index)
            && index >= 1 && index <= allowed.Lines;

    // A currency on either side, or a word of price before it that no unit follows.
    private static bool IsPriced(string before, string after)
    {
        if (IsMoney(FirstWord(after))
            || MoneyBefore().Match(before) is { Success: true } money && IsMoney(money.Groups[1].Value)) return true;
        if (IsCounted(after)) return false;
        var near = LastWords(before).Select(w => Lexicon.Shared.SenseOf(w, PhraseKind.PriceWord)?.Nuance).ToList();
        return near.Contains(Nuance.Strong) || (FirstWord(after).Length == 0 && near.Take(1).Contains(Nuance.Weak));
    }

    // A unit or measure follows: "3 ctn", "5 kg".
    private static bool IsCounted(string after) =>
        FirstWord(after) is { Length: > 0 } next
            && (Lexicon.Shared.SenseOf(next, PhraseKind.Unit) is not null
                || Lexicon.Shared.SenseOf(next, PhraseKind.Measure) is not null);

    // "10.00" is money even where no word says so.
    private static bool LooksLikeMoney(string figure, int decimals) => decimals > 0 && figure.Length > decimals + 1
        && figure[^(decimals + 1)] is '.' or ',' && decimals == 2;

    internal static bool IsMoney(string word) =>
        word.Length > 0 && (Lexicon.Shared.SenseOf(word, PhraseKind.Money) is not null || Currency.Contains(word));

    private static readonly HashSet<string> Currency = ["$", "€", "£", "₹", "¥", "﷼", "r$", "inr", "usd", "eur", "aed",
        "sar", "brl", "mxn", "kwd",
        "gbp", "jpy"];

    // Up to three words back, in the same line, not beyond another figure.
    private static List<string> LastWords(string text)
    {
        var from = Math.Max(text.LastIndexOf('\n') + 1,
            text.LastIndexOfAny(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) + 1);
        return [.. Words().Matches(text[Math.Max(from, text.Length - 60)..]).Select(m => m.Value).Reverse().Take(3)];
    }

    private static string FirstWord(string text) =>
        Words().Match(text[..Math.Min(text.Length, 24)]) is { Success: true } match
        && Near().IsMatch(text) ? match.Value : "";

    /// <summary>
    /// "1.287" is a thousand and more, except in a currency of three decimals; "1 287" and "1'287" too.
    /// </summary>
    private static IEnumerable<decimal> Readings(string figure, int decimals)
    {
        var digits = figure.Replace(" ", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal);
        var point = digits.LastIndexOf('.');
        if (decimals == 3 && point >= 0 && digits.Length - point == 4)
        {
            yield return Lexer.Number(digits[..point].Replace(",", "", StringComparison.Ordinal))
                + Lexer.Number("0." + digits[(point + 1)..]);
            yield break;
        }

        yield return Lexer.Number(digits);
        if (digits.Contains('/') && digits.Split('/') is [var above, var below]
            && Lexer.Number(below) is > 0 and var d) yield return Lexer.Number(above) / d;
    }

    private static string Without(string text, IEnumerable<string> whole)
    {
        foreach (var part in whole)
        {
            var at = 0;
            while ((at = text.IndexOf(part, at, StringComparison.Ordinal)) >= 0)
            {
                var end = at + part.Length;
                var bounded = (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                    && (end == text.Length || !char.IsLetterOrDigit(text[end]))
                    && !Continues(text, end);
                if (bounded) text = text[..at] + Gap + text[end..];
                at = bounded ? at + Gap.Length : end;
            }
        }

        return text;

        // "A-100" is not taken out of "A-100.50".
        static bool Continues(string text, int end) =>
            end + 1 < text.Length && text[end] is '.' or ',' && end + 1 < text.Length && char.IsDigit(text[end + 1]);
    }

    /// <summary>What may be said, worked out once for a reply.</summary>
    private sealed class Allowed
    {
        public Allowed(ReplyFacts facts)
        {
            Decimals = Currencies.Decimals(facts.Basket.Currency);
            Lines = Math.Max(facts.Basket.Lines.Count, facts.Confirmed?.Lines.Count ?? 0);
            foreach (var line in facts.Basket.Lines)
            {
                AddMoney(facts.Basket.Currency, line.UnitPrice, line.Net, line.Tax, line.Gross);
                Quantities.UnionWith([line.Line.Quantity, line.Line.BaseQuantity / 1000m]);
            }

            AddTotal(facts.Basket.Currency, facts.Basket.Net, facts.Basket.Tax, facts.Basket.Gross,
                facts.Basket.Discount);
            foreach (var order in new[] { facts.Confirmed, facts.Latest }.OfType<Order>()) AddOrder(order);
            foreach (var product in facts.Products.Values) AddProduct(facts, product);
            foreach (var sum in Slots.Sums(facts.Reply.Slotted, facts)) AddMoney(sum.Currency, sum.Minor);
            AddShop(facts.Shop);
            Names = [.. _whole.Concat(Echoed(facts)).Select(Normal.Text).Where(w => w.Length > 1).Distinct()
                .OrderByDescending(w => w.Length)];
            Whole = [.. _whole.Select(Normal.Text).Where(w => w.Any(char.IsAsciiDigit))
                .Concat(_products.Select(Normal.Text).Where(w => w.Length > 1)).Distinct()
                .OrderByDescending(w => w.Length)];
        }

        private readonly List<string> _whole = [];
        private readonly List<string> _products = [];

        public int Decimals { get; }

        public int Lines { get; }

        /// <summary>Names, among which "free" promises nothing; longest first.</summary>
        public IReadOnlyList<string> Names { get; }

        // SAK's own sentences quote the customer; a model's sentences quote nobody.
        private static IEnumerable<string> Echoed(ReplyFacts facts) => facts.Reply.Text.Length > 0 ? []
            : facts.Reply.Intents.SelectMany(i => new[] { i.Words, i.Open?.Words ?? "" })
                .Concat(facts.Change.State.Open.Select(o => o.Words))
                .Concat(facts.Change.State.Lines.Select(l => l.AskedAs ?? l.Words))
                .Concat(facts.Change.Refused ?? [])
                .Concat(facts.OwnWords?.Keys ?? []);

        /// <summary>Texts that are taken out whole, longest first.</summary>
        public IReadOnlyList<string> Whole { get; }

        public HashSet<decimal> Amounts { get; } = [];

        /// <summary>The amounts that are said of a whole basket or order.</summary>
        public HashSet<decimal> Totals { get; } = [];

        /// <summary>They pass beside a product only.</summary>
        public HashSet<decimal> Quantities { get; } = [];

        public HashSet<decimal> Rates { get; } = [];

        private void AddMoney(string currency, params ReadOnlySpan<long> minor)
        {
            foreach (var amount in minor) Amounts.Add(amount / Currencies.Scale(currency));
        }

        private void AddTotal(string currency, params ReadOnlySpan<long> minor)
        {
            AddMoney(currency, minor);
            foreach (var amount in minor) Totals.Add(amount / Currencies.Scale(currency));
        }

        private void AddOrder(Order order)
        {
            _whole.Add(order.Number);
            AddTotal(order.Currency, order.Net, order.Tax, order.Gross);
            foreach (var line in order.Lines)
            {
                _whole.Add(line.Name);
                _products.Add(line.Name);
                AddMoney(order.Currency, line.UnitPrice, line.Net, line.Tax, line.Gross);
                Quantities.UnionWith([line.Quantity / 1000m, line.AskedQuantity / 1000m]);
            }
        }

        private void AddProduct(ReplyFacts facts, Product product)
        {
            _whole.Add(product.Name);
            _products.Add(product.Name);
            _whole.Add(product.Sku);
            _whole.AddRange(product.Aliases);
            AddMoney(product.Price.Currency, product.Price.Minor);
            if (product.TaxRate > 0) Rates.Add(product.TaxRate / 100m);
            foreach (var pack in product.Packs) Quantities.Add(pack.BaseUnits);
            if (product.OnHand is { } units) Quantities.Add(units / 1000m);
            foreach (var size in ProductNames.Of(product).Forms.SelectMany(f => f.Words))
                if (size.Number is { } number) Quantities.Add(number);
            foreach (var intent in facts.Reply.Intents.Where(i => i.Sku == product.Sku))
            {
                if (intent.Quantity is { } quantity) Quantities.Add(quantity);
                if (intent.Kind != IntentKind.Price) continue;
                Money?[] told = [ReplyText.UnitPrice(facts, product, intent),
                    ReplyText.PriceOf(facts, product, intent)];
                foreach (var money in told.OfType<Money>()) AddMoney(money.Currency, money.Minor);
            }
        }

        private void AddShop(ShopFacts shop)
        {
            foreach (var fact in new[] { shop.Name, shop.Phone, shop.Hours, shop.Address }) _whole.Add(fact);
            var phone = new StringBuilder();
            foreach (var c in shop.Phone)
                if (char.IsAsciiDigit(c)) phone.Append(c);
            if (phone.Length >= 5) _whole.AddRange([phone.ToString(), "+" + phone]);
        }
    }

    [GeneratedRegex(@"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?(?!\d)|\d+/\d+|\d+(?:[.,]\d+)*")]
    private static partial Regex Figures();

    // Numerals of other kinds: Ⅴ, ❺, 五十.
    [GeneratedRegex(@"[\p{N}-[0-9]]|[一二三四五六七八九十百千万零〇两]")]
    private static partial Regex OtherNumerals();

    internal static bool IsPercent(string after) => Percent().IsMatch(after);

    [GeneratedRegex(@"^\s*(?:%|percent\b|per cent\b|pct\b|por ?ciento|por ?cento|प्रतिशत|फीसदी|بالمي?ئ?ه|في الميه)")]
    private static partial Regex Percent();

    [GeneratedRegex(@"\b(?:tax|gst|vat|iva|imposto|impuesto)\b|टैक्स|ضريبه")]
    private static partial Regex Tax();

    [GeneratedRegex(@"[\p{L}\p{M}]+|r\$|[$€£₹¥﷼]")]
    private static partial Regex Words();

    [GeneratedRegex(@"([\p{L}\p{M}]+|r\$|[$€£₹¥﷼])\s?\.?\s?$")]
    private static partial Regex MoneyBefore();

    [GeneratedRegex(@"^\s?(?:[\p{L}\p{M}]|[$€£₹¥﷼])")]
    private static partial Regex Near();
}
