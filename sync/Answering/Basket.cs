using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Sync.Answering;

/// <summary>What applying a reply's intents did to the basket.</summary>
/// <param name="Changed">Lines or quantities are different from before.</param>
/// <param name="Confirmed">The customer said yes to a basket that was shown and has nothing open.</param>
/// <param name="Refused">The words of lines that the basket had no more room for; the customer is told.</param>
public sealed record BasketChange(BasketState State, bool Changed, bool Confirmed, bool Cancelled,
    IReadOnlyList<string>? Refused = null)
{
    /// <summary>SAK asks nothing more; a person goes on.</summary>
    public bool CallsOwner { get; init; }
}

/// <summary>
/// Applies intents to a basket. Takes only what the catalog knows: an unknown product, an impossible unit or an absurd
/// quantity becomes a question, whoever proposed it. Pure.
/// </summary>
public static class Basket
{
    public const int MaxLines = Protocol.MaxBasketLines;

    public static BasketChange Apply(BasketState before, IReadOnlyList<Intent> intents,
        IReadOnlyDictionary<string, Product> products)
    {
        if (intents.Any(i => i.Kind == IntentKind.Cancel))
            return new BasketChange(BasketState.Empty, before.Lines.Count > 0, false, Cancelled: true);

        var lines = before.Lines.ToList();
        var open = new List<OpenLine>();
        var discussed = new List<string>();
        var refused = new List<string>();
        foreach (var intent in intents) ApplyOne(intent, lines, open, discussed, refused, products);

        var changed = !lines.SequenceEqual(before.Lines);
        var stillOpen = KeepUnanswered(before.Open, intents, open);
        // A yes counts only for the basket that was shown: not after a change in the same breath, not with questions
        // open.
        var confirmed = !changed && stillOpen.Count == 0 && lines.Count > 0
            && before.Awaiting == Awaiting.Confirmation && intents.Any(i => i.Kind == IntentKind.Confirm);
        var state = new BasketState(lines, stillOpen, NextQuestion(before, lines, stillOpen, changed),
            changed ? 0 : before.ShownGross,
            discussed.Count > 0 ? discussed : before.Discussed) { Asked = before.Asked };
        return new BasketChange(state, changed, confirmed, Cancelled: false, refused);
    }

    /// <summary>
    /// Two baskets of one customer: the one that was touched last, with what only the other holds. A yes counts only
    /// after all of it was shown.
    /// </summary>
    public static BasketState Join(BasketState newer, BasketState older)
    {
        if (older.Lines.Count + older.Open.Count == 0) return newer;
        if (newer.Lines.Count + newer.Open.Count == 0) return older;
        if (older.Open.Count == 0
            && older.Lines.All(o => newer.Lines.Any(n => n.Sku == o.Sku && n.BaseQuantity == o.BaseQuantity)))
            return newer;
        List<BasketLine> lines = [.. newer.Lines,
            .. older.Lines.Where(o => newer.Lines.All(n => n.Sku != o.Sku)).Take(MaxLines - newer.Lines.Count)];
        List<OpenLine> open = [.. newer.Open, .. older.Open];
        return newer with { Lines = lines, Open = open, Awaiting = NextQuestion(newer, lines, open, changed: true),
            ShownGross = 0 };
    }

    /// <summary>Every product that a basket and a reply speak of.</summary>
    public static IReadOnlyCollection<string> Skus(BasketState basket, IReadOnlyList<Intent> intents) =>
        basket.Lines.Select(l => l.Sku)
            .Concat(basket.Open.Concat(intents.Select(i => i.Open).OfType<OpenLine>())
                .SelectMany(o => o.Candidates.Append(o.Sku ?? "")))
            .Concat(intents.Select(i => i.Sku ?? ""))
            .Where(sku => sku.Length > 0).ToHashSet();

    /// <summary>The same, with those that a model's text names in slots.</summary>
    public static IReadOnlyCollection<string> Skus(BasketState basket, Reply reply) =>
        Skus(basket, reply.Intents).Concat(Slots.Skus(reply.Slotted)).ToHashSet();

    private static void ApplyOne(Intent intent, List<BasketLine> lines, List<OpenLine> open, List<string> discussed,
        List<string> refused,
        IReadOnlyDictionary<string, Product> products)
    {
        if (intent.Sku is not null && products.ContainsKey(intent.Sku)) discussed.Add(intent.Sku);
        switch (intent.Kind)
        {
            case IntentKind.Clear:
                lines.Clear();
                break;
            case IntentKind.Remove:
                lines.RemoveAll(l => l.Sku == intent.Sku);
                break;
            case IntentKind.Ask when intent.Open is not null:
                open.Add(intent.Open);
                break;
            case IntentKind.Add or IntentKind.Set:
                if (Line(intent, products) is { } line)
                {
                    if (!Put(lines, line, intent.Kind == IntentKind.Add)) refused.Add(intent.Words);
                }
                else open.Add(Doubt(intent, products));
                break;
        }
    }

    private static BasketLine? Line(Intent intent, IReadOnlyDictionary<string, Product> products)
    {
        if (intent.Sku is null || intent.Quantity is not { } quantity
            || !products.TryGetValue(intent.Sku, out var product)) return null;
        var unit = intent.Unit ?? product.Unit;
        return product.BaseQuantity(quantity, unit) is { } units
            ? new BasketLine(product.Sku, quantity, unit, units, intent.Words, intent.MessageId)
                { AskedAs = intent.AskedAs, Supposed = intent.Supposed }
            : null;
    }

    private static OpenLine Doubt(Intent intent, IReadOnlyDictionary<string, Product> products)
    {
        if (intent.Sku is null || !products.TryGetValue(intent.Sku, out var product))
            return new OpenLine(AskedFor.Unknown, intent.Words, null, intent.Quantity, intent.Unit, [],
                intent.MessageId);
        var asks = intent.Unit is not null && product.BaseUnitsIn(intent.Unit) is null
            ? AskedFor.Unit
            : AskedFor.Quantity;
        return new OpenLine(asks, intent.Words, product.Sku, asks == AskedFor.Unit ? intent.Quantity : null, null,
            [], intent.MessageId);
    }

    // False when the basket is full.
    private static bool Put(List<BasketLine> lines, BasketLine line, bool add)
    {
        var at = lines.FindIndex(l => l.Sku == line.Sku);
        if (at < 0)
        {
            if (lines.Count >= MaxLines) return false;
            lines.Add(line);
            return true;
        }

        lines[at] = add ? Sum(lines[at], line) : line;
        return true;
    }

    private static BasketLine Sum(BasketLine a, BasketLine b)
    {
        var units = Math.Min(a.BaseQuantity + b.BaseQuantity, (long)Product.MaxBaseUnits * 1000);
        return a with
        {
            Quantity = a.Unit == b.Unit ? a.Quantity + b.Quantity : a.Quantity * ((decimal)units / a.BaseQuantity),
            BaseQuantity = units,
            Words = $"{a.Words} + {b.Words}",
            // A line teaches one name. The other one is asked about once more, the next time it comes.
            AskedAs = a.AskedAs ?? b.AskedAs,
            Supposed = a.Supposed || b.Supposed,
        };
    }

    // A question stays open until a line, a removal or another question about the same words or product answers it.
    private static List<OpenLine> KeepUnanswered(IReadOnlyList<OpenLine> before, IReadOnlyList<Intent> intents,
        List<OpenLine> open)
    {
        var kept = before.Where(o => o.Asks != AskedFor.Unknown && !intents.Any(i => Answers(i, o))).ToList();
        kept.AddRange(open);
        return kept;
    }

    private static bool Answers(Intent intent, OpenLine open) =>
        intent.Kind switch
        {
            IntentKind.Clear => true,
            IntentKind.Add or IntentKind.Set or IntentKind.Remove =>
                intent.Sku is not null && (intent.Sku == open.Sku || open.Candidates.Contains(intent.Sku)),
            IntentKind.Ask =>
                intent.Open is { } again
                    && (again.Words == open.Words || (again.Sku is not null && again.Sku == open.Sku)),
            _ => false,
        };

    private static Awaiting NextQuestion(BasketState before, List<BasketLine> lines, List<OpenLine> open, bool changed)
    {
        var question = open.FirstOrDefault(o => o.Asks != AskedFor.Unknown);
        if (question is not null) return AnswerTo(question.Asks);
        return lines.Count > 0 && (changed || before.Awaiting != Awaiting.Nothing)
            ? Awaiting.Confirmation
            : Awaiting.Nothing;
    }

    private static Awaiting AnswerTo(AskedFor asks) => asks switch
    {
        AskedFor.Product => Awaiting.Product,
        AskedFor.Quantity => Awaiting.Quantity,
        AskedFor.Unit => Awaiting.Unit,
        _ => Awaiting.Nothing,
    };
}
