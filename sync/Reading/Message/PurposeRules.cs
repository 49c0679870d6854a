using Sak.Sync.Reading.Words;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>What a customer does with one message, and which parts of it may hold lines.</summary>
/// <param name="Muted">Clauses whose numbers and products are not ordered; null when that holds for all.</param>
/// <param name="Orders">The message says that it orders ("send", "chahiye"), or asks politely.</param>
internal sealed record Decision(Purpose Purpose, IReadOnlySet<int>? Muted, bool Orders, string Why)
{
    public bool Mutes(int clause) => Muted is null || Muted.Contains(clause);
}

/// <summary>Tells an order from what only looks like one. A false order is the worst error, so whatever speaks of the
/// past, of money paid, of faults or of questions holds no lines unless another clause plainly orders.</summary>
internal sealed class PurposeRules(MessageText text, IReadOnlyList<Stretch> stretches, bool awaitsYes)
{
    private static readonly IReadOnlySet<int> None = new HashSet<int>();

    private static readonly HashSet<PhraseKind> Courtesies = [Thanks, Greeting, Polite, Confirm];

    private readonly int[] _clauses = text.Clauses;

    public Decision Decide(bool forwarded)
    {
        if (forwarded) return All(Purpose.Other, "forwarded");
        if (text.Has(WrongChat)) return All(Purpose.Other, "sent by mistake or to the wrong chat");
        if (IsAdvert()) return All(Purpose.Other, "an advertisement");
        if (text.Has(Complaint) && Complains()) return Part(Purpose.Complaint, Complaint, Past);
        if (IsPartOf()) return Part(Purpose.Complaint, PartOf, Past);
        if (text.Has(Payment) || SendsMoney())
            return Part(Purpose.Payment, Payment, PaymentHint, Past, MoneySent);
        if (Reorders()) return new Decision(Purpose.Reorder, None, true, "asks for the last order again");
        if (text.Has(Stop) && text.Tokens.Count(t => t.IsWord) <= 8 && !HasLines(_ => true))
            return All(Purpose.Stop, "wants no more messages");
        if (text.Has(Handover)
            && !HasQuantities(d => d.Number is not { Article: true } || d.Unit is not null))
            return All(Purpose.Handover, "asks for a person");
        if (Cancels() is { } cancel) return cancel;
        if (Negotiates() && !StartsAsking()
            && HasQuantities(d => !AsksIn(d.Clause) || !ClausesWith(Negotiate).Contains(d.Clause))
            && !text.Of(PriceQuestion)
            .Any(p => !text.Of(Negotiate).Any(n => n.Overlaps(p))))
            return new Decision(Purpose.Negotiate, None, true, "orders and asks for a better price");
        if (text.Has(PriceQuestion) || (text.Has(PriceHint) && (!HasQuantities(_ => true) || text.Has(Question))
            && !text.Has(Order))) return Part(Purpose.PriceQuery, PriceQuestion, PriceHint);
        if (text.Of(StatusQuestion)
            .Any(c => c.Nuance != Nuance.Soft || !stretches.Any(d => d is { HasName: true, Meaning.IsClear: true }))
            && !HasOrder(ClausesWith(StatusQuestion))) return Part(Purpose.Status, StatusQuestion, Past);
        if (text.Has(AboutSak) && !text.Has(Order) && !ListsBeside(AboutSak))
            return All(Purpose.Other, "speaks of what the shop shows or of SAK itself");
        if (text.Has(StockQuestion) && AsksStock()) return Part(Purpose.StockQuery, StockQuestion);
        if (text.Has(Past) && Contrasts()) return Part(Purpose.Complaint, Past, Contrast);
        if (text.Has(Past)) return Part(text.Has(Thanks) ? Purpose.Thanks : Purpose.Other, Past);
        if (Hedges()) return Part(Purpose.Other, Undecided);
        if (text.Has(OtherTopic) && !text.Has(Order) && !ListsBeside(OtherTopic))
            return All(Purpose.Other, "asks about something else");
        if (IsQuestion()) return All(Purpose.Other, "asks about something else");
        if (Confirms()) return All(Purpose.Confirm, "yes to what was shown");
        return Rest();
    }

    private Decision Rest()
    {
        var orders = text.Has(Order, Polite, Add, Remove, Set, Negotiate);
        orders |= text.Of(Negotiate).Any(c => c.Nuance == Nuance.Less);
        if (Negotiates())
            return HasQuantities(_ => true) && !StartsAsking()
                ? new Decision(Purpose.Negotiate, None, true, "orders and asks for a better price")
            : All(Purpose.PriceQuery, "asks for a better price");
        // "car shampoo": nothing but a name is an order as much as "I want car shampoo" is; a name within chatter is
        // not.
        orders |= stretches.All(d => d.Meaning.Unexplained == 0)
            && text.Tokens.Count(t => t.IsWord && t.Is(Filler) && !t.Phrases.Overlaps(Courtesies)) <= 5
            && !text.Tokens.Any(t => t.IsMark("?"));
        if (Told() is { Count: > 0 } told)
        {
            var ordering = ClausesWith(Order);
            if (stretches.All(d => told.Contains(d.Clause) || (!d.HasName && !ordering.Contains(d.Clause))))
                return All(Purpose.Other, "tells something, and orders nothing");
            return new Decision(Purpose.Order, told, orders, "orders beside something that is told");
        }

        if (stretches.Any(d => d.HasName || d.Quantity is not null))
            return new Decision(Purpose.Order, None, orders, orders ? "says that it orders"
            : "names products or quantities");
        return Small() with { Orders = orders, Muted = None };
    }

    // "I have 5 kg at home", "my neighbour took 2": clauses that say who did or has something, with no word that
    // orders. A false order is worse than one that has to be said again.
    private HashSet<int> Told()
    {
        var told = Telling();
        foreach (var kind in (PhraseKind[])[Order, Polite, Add, Remove, Negotiate, Confirm])
            told.ExceptWith(ClausesWith(kind));
        // "Only" corrects a line, and tells of what came.
        told.ExceptWith(ClausesWith(Set).Except(ClausesWith(Contrast)));
        return told;
    }

    // "2 kg rice because we have guests" orders, whatever is told after it.
    private HashSet<int> Telling()
    {
        var told = new HashSet<int>();
        foreach (var phrase in text.Of(Narration))
        {
            var counted = stretches.FirstOrDefault(
                d => d.Clause == _clauses[phrase.Start] && d is { Quantity: not null, HasName: true });
            if (phrase.Nuance != Nuance.Before || counted is null
                || text.Tokens.IndexOf(counted.Number ?? counted.Tokens[0]) > phrase.Start)
                told.Add(_clauses[phrase.Start]);
        }

        return told;
    }

    private Decision Small()
    {
        if (text.Has(HandoverHint)) return All(Purpose.Handover, "asks for a person");
        if (awaitsYes && text.Has(Decline)) return All(Purpose.Decline, "no to what was shown");
        if (text.Has(PaymentHint)) return All(Purpose.Payment, "speaks of a payment");
        if (text.Has(PriceHint)) return All(Purpose.PriceQuery, "asks for a price");
        if (text.Has(Thanks)) return All(Purpose.Thanks, "thanks");
        if (text.Has(Greeting)) return All(Purpose.Greeting, "greets");
        return All(Purpose.Other, "nothing recognised");
    }

    private static Decision All(Purpose purpose, string why) => new(purpose, null, false, why);

    /// <summary>Lines count only in clauses that are free of these phrases, order plainly and say how much.</summary>
    private Decision Part(Purpose purpose, params ReadOnlySpan<PhraseKind> kinds)
    {
        var muted = new HashSet<int>();
        foreach (var kind in kinds) muted.UnionWith(ClausesWith(kind));
        return HasOrder(muted)
            ? new Decision(Purpose.Order, muted, true, $"orders, beside: {purpose.Text()}")
            : All(purpose, $"phrase for {purpose.Text()}");
    }

    private bool HasOrder(HashSet<int> muted)
    {
        var told = ClausesWith(Narration);
        var ordering =
            text.Phrases.Where(
                c => (c.Kind == Order || (c.Kind == Add && !told.Contains(_clauses[c.Start])))
                    && !muted.Contains(_clauses[c.Start]))
            .Select(c => _clauses[c.Start]).ToHashSet();
        var polite = ClausesWith(Polite);
        polite.UnionWith(ClausesWith(Thanks));
        if (stretches.Any(d => d.Quantity is not null && ordering.Contains(d.Clause))) return true;
        // "do you have rose water? 3 bottles if yes"
        var provided = ClausesWith(Conditional);
        if (text.Has(StockQuestion)
            && stretches.Any(d => d.Quantity is not null && provided.Contains(d.Clause) && !muted.Contains(d.Clause)))
            return true;
        // A polite list and a question about something else: "2 ctn oil please. Do you have sugar?"
        return stretches.Any(
            d => d.Quantity is not null && d.HasName && d.Meaning.Candidates.Count > 0 && polite.Contains(d.Clause)
                && !muted.Contains(d.Clause))
            && stretches.Any(d => d.HasName && muted.Contains(d.Clause));
    }

    // "the usual soap" is a product; "the usual" is the last order.
    private bool Reorders() =>
        !text.Has(AboutSak)
            && text.Of(Reorder).Where(c => !text.Of(AsMany).Any(c.Overlaps))
                .Any(c => c.Nuance != Nuance.Usual || c.End >= text.Tokens.Count
        || text.Tokens[c.End] is not { IsWord: true, IsKnown: false });

    private bool AsksIn(int clause) => text.Tokens.Where((t, i) => _clauses[i] == clause && t.IsMark("?")).Any();

    // "a dozen aprons, deliver to the back door": a plain list beside it, and nothing that asks.
    private bool ListsBeside(PhraseKind kind)
    {
        var muted = ClausesWith(kind);
        return !text.Tokens.Any(t => t.IsMark("?"))
            && HasQuantities(d => d.Meaning.IsClear && !muted.Contains(d.Clause));
    }

    private HashSet<int> ClausesWith(PhraseKind kind) => [.. text.Of(kind).Select(c => _clauses[c.Start])];

    private bool HasQuantities(Func<Stretch, bool> which) =>
        stretches.Any(d => d.Quantity is not null && d.HasName && which(d));

    private bool HasLines(Func<Stretch, bool> which) =>
        stretches.Any(d => (d.Quantity is not null || d.Meaning.IsClear) && which(d));

    // "who took my 2 boxes?", "what is 2+2": a question word, and nothing that orders.
    private bool IsQuestion() => Asks() ||
        !text.Has(Order, Polite, Add, Remove, Set)
            && text.Of(Question).Any(c => !text.Tokens[c.Start].IsMark("?"))
            && !stretches.Any(d => d.Meaning.IsClear && d.Quantity is not null && d.Unit is not null)
            && text.Of(Question).Any(c => c.Start == 0 || text.Tokens[c.Start].IsMark("?"));

    // "3 of the 10 don't work", "de los 6 que compré 2 no prenden".
    private bool IsPartOf() =>
        !text.Has(Order, Polite, Add, Remove) && text.Has(Decline, Not)
            && text.Tokens.Count(t => t.IsNumber) >= 2
        && text.Of(PartOf).Any(c => text.Tokens.ElementAtOrDefault(c.End) is { IsNumber: true, Measure: null }
            || (c.Nuance == Nuance.After && c.Start > 0));

    // "did you say 5?": whoever begins so and ends with a question mark asks.
    private bool Asks() => !text.Has(Order, Polite, Add, Remove) && text.Tokens.Any(t => t.IsMark("?"))
        && text.Of(QuestionStart)
            .Any(c => c.Start == 0 || text.Tokens[c.Start - 1].EndsClause
                || text.Tokens[c.Start - 1].Phrases.Contains(Greeting));

    // "is 12 cheaper than 2 boxes of 6": whoever begins so asks, with or without a question mark.
    private bool StartsAsking() =>
        !text.Has(Order, Polite, Add, Set)
            && text.Of(QuestionStart).Any(c => c.Start == 0 || text.Tokens[c.Start - 1].EndsClause
        || text.Tokens[c.Start - 1].Phrases.Contains(Greeting));

    // "Asked for 12 and got 10", "I got rear ones but wanted front ones".
    private bool Contrasts() =>
        !text.Has(Order, Add, Thanks) && (text.Of(Contrast).Any(c => c.Nuance == Nuance.But)
        || (text.Has(Contrast) && text.Tokens.Count(t => t.IsNumber && !t.Noise) >= 2));

    // "I've sent 1850 for the fan": a sum, for no unit or name follows.
    private bool SendsMoney() =>
        text.Of(MoneySent)
            .Any(c => c.Nuance == Nuance.After
                && text.Tokens.ElementAtOrDefault(c.Start - 1) is { IsNumber: true, Measure: null, Value: >= 100 })
        || text.Of(MoneySent)
            .Any(c => text.Tokens.ElementAtOrDefault(c.End) is { IsNumber: true, Measure: null, Value: >= 50 }
        && (text.Tokens.ElementAtOrDefault(c.End + 1) is not { } next || next.Kind == TokenKind.Mark
            || (next.Is(Filler) && next.Unit is null)));

    private bool IsAdvert()
    {
        var count = text.Of(Advert).Count();
        return count > 0 && !text.Has(Order)
            && (count > 1 || text.Tokens.Any(t => t is { IsNumber: true, Noise: true }));
    }

    private bool Complains() =>
        text.Has(Past) || !text.Has(Order, Polite, Add) || text.Of(Complaint).Any(c => c.Length > 1)
        || !HasQuantities(_ => true);

    // "cancel the eggs" takes a line out; "cancel my order" stops all.
    private Decision? Cancels()
    {
        if (!text.Has(Cancel)) return null;
        var clauses = ClausesWith(Cancel);
        if (stretches.Any(
            d => clauses.Contains(d.Clause) && d.HasName && d.Meaning is { Unexplained: 0, Candidates.Count: > 0 }))
            return null;
        if (HasOrder(clauses)) return null;
        return All(Purpose.Cancel, "stops the order");
    }

    // "I was wondering if you could send 12 and maybe 3": who asks politely and orders is not undecided for one
    // "maybe".
    private bool Hedges() =>
        text.Of(Undecided).Any(c => c.Nuance != Nuance.Soft || !(text.Has(Polite) && text.Has(Order)));

    private bool AsksStock() =>
        !(text.Has(Order) && HasQuantities(d => d.Meaning.IsClear) && !text.Tokens.Any(t => t.IsMark("?"))) &&
        (AsksPlainly());

    private bool AsksPlainly() =>
        text.Tokens.Any(t => t.IsMark("?")) || !HasQuantities(_ => true)
            || text.Of(StockQuestion)
                .Any(c => c.Length > 1
                    && !(c.Nuance == Nuance.Tag && c.Start > 0 && text.Tokens[c.Start - 1].Is(CommonWord)));

    private bool Negotiates()
    {
        // "99 percent discount approved" claims; "rate mein kami kar dena" asks.
        foreach (var phrase in text.Of(Negotiate))
            if (!text.Tokens.Where(
                (t, i) => _clauses[i] == _clauses[phrase.Start] && t is { IsNumber: true, Noise: true }).Any()
                && !(phrase.Nuance == Nuance.Less
                    && stretches.Any(
                        d => d.Clause == _clauses[phrase.Start] && d is { HasName: true, Quantity: not null })))
                return true;
        return false;
    }

    private bool Confirms()
    {
        if (!awaitsYes || !text.Has(Confirm)
            || text.Has(Negotiate, PriceQuestion, StatusQuestion, Complaint, Handover)) return false;
        if (text.Has(Decline, NegationPrefix, NegationSuffix, Conditional, IfOrBut)
            || text.Tokens.Any(t => t.IsMark("?"))) return false;
        if (text.Tokens.Any(t => t is { IsNumber: true, Noise: false })
            || stretches.Any(d => d.Meaning.Candidates.Count > 0 && d.Names.Count > 0)) return false;
        return text.Tokens.Count(t => t.IsWord && !t.IsKnown) <= 2;
    }
}
