using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Answering;

/// <summary>
/// What the customer is told, in the customer's language, with every figure from the facts. The text of a model, when
/// there is one, is only the chatty part: the lines, totals and the order number are always SAK's own block after it.
/// </summary>
public static class ReplyText
{
    private static readonly IntentKind[] Plain =
        [IntentKind.Handover, IntentKind.Complaint, IntentKind.Payment, IntentKind.Stop, IntentKind.Media,
            IntentKind.Thanks, IntentKind.Greeting];

    /// <summary>Plain text with WhatsApp's *bold*; never empty.</summary>
    public static string Compose(ReplyFacts facts)
    {
        var parts = new List<string>();
        if (facts.Late is not null) parts.Add(Say(facts, "late"));
        if (facts.Reply.Text.Length > 0) parts.Add(facts.Reply.Text.Trim());
        else parts.AddRange(Answers(facts));
        if (facts.Reply.Unread) parts.Add(Say(facts, "unread"));
        parts.AddRange(Block(facts));
        if (parts.Count == (facts.Late is null ? 0 : 1)) parts.Add(Fallback(facts));
        return string.Join('\n', parts);
    }

    /// <summary>
    /// The question that a reply asks, and how often in a row it was asked with this one; what was asked before where
    /// it asks nothing.
    /// </summary>
    public static AskedLast? AskedWith(ReplyFacts facts, string text)
    {
        var asks = facts.Change.State.ToAsk is { } open
            ? $"{open.Asks.Text()} {open.Sku ?? string.Join(' ', open.Candidates.DefaultIfEmpty(open.Words))}"
            : text.EndsWith(Say(facts, "confirm"), StringComparison.Ordinal)
                ? $"yes {facts.Basket.Lines.Count} {facts.Basket.Gross}"
                : null;
        var before = facts.Change.State.Asked;
        return asks is null ? before : new AskedLast(asks, before?.Question == asks ? before.Times + 1 : 1);
    }

    /// <summary>A sentence without any figure, for where nothing else may be said.</summary>
    public static string ByAPerson(ReplyFacts facts) => Say(facts, IntentKind.Handover.Text());

    private static IEnumerable<string> Answers(ReplyFacts facts)
    {
        foreach (var open in facts.Reply.Intents.Select(i => i.Open).Where(o => o?.Asks == AskedFor.Unknown))
            yield return Say(facts, "unknown",
            Quoted(open!.Words));
        foreach (var kind in Plain)
            if (facts.Reply.Intents.Any(i => i.Kind == kind)
                && !(kind is IntentKind.Thanks or IntentKind.Greeting && facts.Change.State.Lines.Count > 0))
                yield return Say(facts,
                kind == IntentKind.Media ? Media(facts) : kind.Text());
        if (facts.Reply.Intents.Any(i => i.Kind == IntentKind.Negotiate)) yield return Say(facts, "negotiate");
        if (facts.Reply.Intents.Any(i => i.Kind == IntentKind.Status)) yield return Status(facts);
        foreach (var line in Prices(facts)) yield return line;
        foreach (var line in Stock(facts)) yield return line;
    }

    // The part that only SAK may say: what was taken, what it costs, what is open.
    private static IEnumerable<string> Block(ReplyFacts facts)
    {
        if (facts.Confirmed is { } order)
        {
            yield return Say(facts, "confirmed", order.Number);
            foreach (var line in Lines(facts)) yield return line;
            yield return Total(facts, order.Net, order.Tax, order.Gross);
            yield break;
        }

        if (facts.Change.Cancelled)
        {
            yield return Say(facts, facts.Change.Changed ? "cancelled" : "nothing_to_cancel");
            yield break;
        }

        if (facts.Change.Refused is { Count: > 0 } refused) yield return Say(facts, "too_long",
            string.Join(", ", refused.Take(5).Select(Quoted)) + (refused.Count > 5 ? "…" : ""));

        var question = facts.Change.State.ToAsk;
        if (facts.Change.Changed && facts.Basket.Lines.Count == 0 && question is null)
            yield return Say(facts, "emptied");
        if (facts.Change.Changed && facts.Basket.Lines.Count > 0)
        {
            yield return Say(facts, question is null && !facts.Change.CallsOwner ? "summary" : "so_far");
            foreach (var line in Lines(facts)) yield return line;
            foreach (var line in Own(facts)) yield return line;
            if (facts.Basket.Discount > 0)
                yield return Say(facts, "discount", new Money(facts.Basket.Discount, facts.Basket.Currency));
            if (question is null) yield return Total(facts, facts.Basket.Net, facts.Basket.Tax, facts.Basket.Gross);
        }

        if (facts.Change.CallsOwner) yield return ByAPerson(facts);
        else if (question is not null) yield return Question(facts, question);
        else if (facts.Change.Changed && facts.Basket.Lines.Count > 0) yield return Say(facts, "confirm");
    }

    // The reader says of what kind the message was; a model may not.
    private static string Media(ReplyFacts facts) =>
        facts.Reply.Intents.First(i => i.Kind == IntentKind.Media).Words switch
    {
        "voice" => "media_voice",
        "image" => "media_picture",
        "basket" => "media_basket",
        "contact" => "media_contact",
        "location" => "media_location",
        "document" => "media_document",
        _ => IntentKind.Media.Text(),
    };

    private static string Fallback(ReplyFacts facts)
    {
        if (facts.Change.State is { Lines.Count: > 0, Awaiting: Awaiting.Confirmation })
            return string.Join('\n',
                [Say(facts, "summary"), .. Lines(facts),
                    Total(facts, facts.Basket.Net, facts.Basket.Tax, facts.Basket.Gross),
                Say(facts, "confirm")]);
        return Say(facts,
            facts.Reply.Intents.Any(i => i.Kind == IntentKind.Clear) ? "no_last_order" : "not_understood");
    }

    // "1. Cow Ghee 1 L: 3 ctn (36 jar) = INR 1,287.00"
    private static IEnumerable<string> Lines(ReplyFacts facts)
    {
        var number = 0;
        if (facts.Confirmed is { } order)
        {
            foreach (var line in order.Lines.OrderBy(l => l.Position))
            {
                var asked = Asked(line.AskedQuantity / 1000m, line.AskedUnit, line.Quantity / 1000m, line.Unit);
                yield return $"{++number}. {line.Name}: {asked} = {new Money(line.Gross, order.Currency)}";
            }


            yield break;
        }

        foreach (var line in facts.Basket.Lines)
        {
            var asked = Asked(line.Line.Quantity, line.Line.Unit, line.Line.BaseQuantity / 1000m, line.Product.Unit);
            var amount = facts.Shop.Rules.TaxInclusive ? line.Gross : line.Net;
            yield return $"{++number}. {line.Product.Name}: {asked} = {new Money(amount, facts.Basket.Currency)}";
        }
    }

    // "soap" = Neem Bath Soap: what was taken for it without asking again.
    private static IEnumerable<string> Own(ReplyFacts facts) => Supposed(facts).Concat(Known(facts));

    private static IEnumerable<string> Supposed(ReplyFacts facts) =>
        from line in facts.Basket.Lines
        where line.Line is { Supposed: true, AskedAs: not null }
        select $"{Quoted(line.Line.AskedAs!)} = {line.Product.Name}";

    private static IEnumerable<string> Known(ReplyFacts facts) =>
        from line in facts.OwnWords is { Count: > 0 } ? facts.Basket.Lines : []
        let phrase = OwnWords.Used(facts.OwnWords!, line.Line.Sku, line.Line.Words)
        where phrase is not null && line.Line.AskedAs is null
        select $"{Quoted(phrase)} = {line.Product.Name}";

    private static string Asked(decimal quantity, string unit, decimal baseQuantity, string baseUnit) =>
        unit == baseUnit ? Amount(quantity, unit) : $"{Amount(quantity, unit)} ({Amount(baseQuantity, baseUnit)})";

    private static string Amount(decimal quantity, string unit) => Quantity.Of(quantity, unit).ToString();

    private static string Total(ReplyFacts facts, long net, long tax, long gross)
    {
        var currency = facts.Confirmed?.Currency ?? facts.Basket.Currency;
        if (tax == 0) return Say(facts, "total", new Money(gross, currency));
        if (facts.Shop.Rules.TaxInclusive || facts.Confirmed is not null)
            return Say(facts, "total_with_tax", new Money(gross, currency),
            new Money(tax, currency));
        return $"{Say(facts, "tax", new Money(tax, currency))}\n{Say(facts, "total", new Money(net + tax, currency))}";
    }

    private static string Question(ReplyFacts facts, OpenLine open)
    {
        var words = Quoted(open.Words);
        if (open.Asks == AskedFor.Product)
        {
            var names = open.Candidates.Select(facts.Products.GetValueOrDefault).OfType<Product>().Select(p => p.Name)
                .ToList();
            if (names.Count == 0) return Say(facts, "ask_any_product", words);
            if (names.Count == 1) return Say(facts, "ask_one", words, names[0]);
            return Say(facts, open.Quantity is null ? "ask_product_quantity" : "ask_product", words,
                Choices(facts, names));
        }

        if (open.Sku is null || !facts.Products.TryGetValue(open.Sku, out var product))
            return Say(facts, "ask_any_product", words);
        // "2 kg sugar" of a "Sugar 1 kg" that comes in packs: what is asked is how many packs.
        var sold = open.Asks == AskedFor.Quantity && open.Unit is { } said && Measures.In(said, product.Unit) is null
            && Measures.AddsUp(said);
        return Say(facts, open.Asks == AskedFor.Unit ? "ask_unit" : sold ? "ask_how_many" : "ask_quantity",
            product.Name,
            Choices(facts, UnitsOf(facts, product)));
    }

    private static List<string> UnitsOf(ReplyFacts facts, Product product) =>
        [product.Unit, .. product.Packs.Select(p => Say(facts, "of", p.Name, p.BaseUnits, product.Unit))];

    private static string Choices(ReplyFacts facts, IReadOnlyList<string> choices) =>
        choices.Count == 1
            ? choices[0]
            : $"{string.Join(", ", choices.Take(choices.Count - 1))} {Say(facts, "or")} {choices[^1]}";

    private static IEnumerable<string> Prices(ReplyFacts facts)
    {
        var asked = facts.Reply.Intents.Where(i => i.Kind == IntentKind.Price).ToList();
        if (asked.Count == 0) yield break;
        var known = asked.Where(i => i.Sku is not null && facts.Products.ContainsKey(i.Sku)).ToList();
        if (known.Count == 0)
        {
            // "What is the total?": the figures of the basket are the answer.
            if (facts.Change.State is not { Lines.Count: > 0, Awaiting: Awaiting.Confirmation })
                yield return Say(facts, "price_which");
            yield break;
        }

        foreach (var intent in known)
        {
            var product = facts.Products[intent.Sku!];
            yield return Say(facts, "price", product.Name, UnitPrice(facts, product, intent), product.Unit);
            if (PriceOf(facts, product, intent) is { } priced) yield return Say(facts, "price_quantity", product.Name,
                Amount(intent.Quantity!.Value, intent.Unit ?? product.Unit), priced);
        }

        if (!facts.Shop.Rules.TaxInclusive && known.Any(i => facts.Products[i.Sku!].TaxRate > 0))
            yield return Say(facts, "tax_added");
        yield return Say(facts, "order_hint");
    }

    /// <summary>What one costs this customer now.</summary>
    internal static Money UnitPrice(ReplyFacts facts, Product product, Intent intent) =>
        PriceOf(facts, product, intent with { Quantity = 1, Unit = product.Unit }) ?? product.Price;

    /// <summary>What the asked quantity costs, before tax where tax is added.</summary>
    internal static Money? PriceOf(ReplyFacts facts, Product product, Intent intent)
    {
        if (intent.Quantity is not { } quantity
            || product.BaseQuantity(quantity, intent.Unit ?? product.Unit) is not { } units) return null;
        var line = Pricing.Prices.PriceLine(
            new BasketLine(product.Sku, quantity, intent.Unit ?? product.Unit, units, "", ""), product,
            facts.Shop.Rules,
            facts.Moment);
        return new Money(facts.Shop.Rules.TaxInclusive ? line.Gross : line.Net, product.Price.Currency);
    }

    private static IEnumerable<string> Stock(ReplyFacts facts)
    {
        var asked = facts.Reply.Intents.Where(i => i.Kind == IntentKind.Stock).ToList();
        if (asked.Count == 0) yield break;
        var known = asked.Where(i => i.Sku is not null && facts.Products.ContainsKey(i.Sku))
            .Select(i => facts.Products[i.Sku!]).ToList();
        if (known.Count == 0) yield return Say(facts, "stock_which");
        foreach (var product in known)
            yield return Say(facts, product.OnHand switch { null => "stock_sold", > 0 => "stock_yes", _ => "stock_no" },
            product.Name);
    }

    private static string Status(ReplyFacts facts) => facts.Latest switch
    {
        null => Say(facts, "status_none"),
        { Status: OrderStatus.Cancelled } order => Say(facts, "status_cancelled", order.Number),
        { Status: OrderStatus.Delivered } order => Say(facts, "status_delivered", order.Number),
        var order => Say(facts, "status_confirmed", order.Number, new Money(order.Gross, order.Currency)),
    };

    // The customer's words come back short and without figures, so that no foreign figure leaves with them.
    internal static string Quoted(string words)
    {
        var named = words.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Where(w => !w.Any(char.IsDigit) && !w.Any(char.IsNumber));
        var line = string.Join(' ', named).Replace("\"", "", StringComparison.Ordinal).Trim();
        return line.Length switch { 0 => "…", <= 40 => line, _ => line[..40].TrimEnd() + "…" };
    }

    private static string Say(ReplyFacts facts, string key, params object[] values) =>
        Replies.Say(key, facts.Reply.Language,
            [.. values.Select(v => v is Money money ? (object)money.ToString() : v)]);
}
