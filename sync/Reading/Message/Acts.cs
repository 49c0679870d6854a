using Sak.Sync.Reading.Lines;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>What a customer does with one message, and which parts of it may hold lines.</summary>
/// <param name="Muted">Clauses whose numbers and products are not ordered; null when that holds for all.</param>
/// <param name="Orders">The message says that it orders ("send", "chahiye"), or asks politely.</param>
internal sealed record Act(string Purpose, IReadOnlySet<int>? Muted, bool Orders, string Why)
{
    public bool Mutes(int clause) => Muted is null || Muted.Contains(clause);
}

/// <summary>Tells an order from what only looks like one. A false order is the worst error, so whatever speaks of the
/// past, of money paid, of faults or of questions holds no lines unless another clause plainly orders.</summary>
internal sealed class Acts(Speech speech, IReadOnlyList<Draft> drafts, bool awaitsYes)
{
    private static readonly IReadOnlySet<int> None = new HashSet<int>();

    private static readonly HashSet<string> Courtesies = ["thanks", "greeting", "polite", "confirm"];

    private readonly int[] _clauses = speech.Clauses;

    public Act Decide(bool forwarded)
    {
        if (forwarded) return All(Purposes.Other, "forwarded");
        if (speech.Has("wrong")) return All(Purposes.Other, "sent by mistake or to the wrong chat");
        if (IsAdvert()) return All(Purposes.Other, "an advertisement");
        if (speech.Has("complaint") && Complains()) return Part(Purposes.Complaint, "complaint", "past");
        if (IsPartOf()) return Part(Purposes.Complaint, "partof", "past");
        if (speech.Has("strongpayment") || SendsMoney())
            return Part(Purposes.Payment, "strongpayment", "payment", "past", "sent");
        if (Reorders()) return new Act(Purposes.Reorder, None, true, "asks for the last order again");
        if (speech.Has("stop") && speech.Tokens.Count(t => t.IsWord) <= 8 && !HasLines(_ => true))
            return All(Purposes.Stop, "wants no more messages");
        if (speech.Has("stronghandover")
            && !HasQuantities(d => d.Number is not { Article: true } || d.Unit is not null))
            return All(Purposes.Handover, "asks for a person");
        if (Cancels() is { } cancel) return cancel;
        if (Negotiates() && !StartsAsking()
            && HasQuantities(d => !AsksIn(d.Clause) || !ClausesWith("negotiate").Contains(d.Clause))
            && !speech.Of("strongprice")
            .Any(p => !speech.Of("negotiate").Any(n => n.Overlaps(p))))
            return new Act(Purposes.Negotiate, None, true, "orders and asks for a better price");
        if (speech.Has("strongprice") || (speech.Has("price") && (!HasQuantities(_ => true) || speech.Has("question"))
            && !speech.Has("order"))) return Part(Purposes.PriceQuery, "strongprice", "price");
        if (speech.Of("status")
            .Any(c => c.Value != "soft" || !drafts.Any(d => d is { HasName: true, Meaning.IsClear: true }))
            && !HasOrder(ClausesWith("status"))) return Part(Purposes.Status, "status", "past");
        if (speech.Has("aboutself") && !speech.Has("order") && !ListsBeside("aboutself"))
            return All(Purposes.Other, "speaks of what the shop shows or of SAK itself");
        if (speech.Has("stock") && AsksStock()) return Part(Purposes.StockQuery, "stock");
        if (speech.Has("past") && Contrasts()) return Part(Purposes.Complaint, "past", "contrast");
        if (speech.Has("past")) return Part(speech.Has("thanks") ? Purposes.Thanks : Purposes.Other, "past");
        if (Hedges()) return Part(Purposes.Other, "hedge");
        if (speech.Has("notorder") && !speech.Has("order") && !ListsBeside("notorder"))
            return All(Purposes.Other, "asks about something else");
        if (IsQuestion()) return All(Purposes.Other, "asks about something else");
        if (Confirms()) return All(Purposes.Confirm, "yes to what was shown");
        return Rest();
    }

    private Act Rest()
    {
        var orders = speech.Has("order", "polite", "add", "remove", "set", "negotiate");
        orders |= speech.Of("negotiate").Any(c => c.Value == "less");
        if (Negotiates())
            return HasQuantities(_ => true) && !StartsAsking()
                ? new Act(Purposes.Negotiate, None, true, "orders and asks for a better price")
            : All(Purposes.PriceQuery, "asks for a better price");
        // "car shampoo": nothing but a name is an order as much as "I want car shampoo" is; a name within chatter is
        // not.
        orders |= drafts.All(d => d.Meaning.Unexplained == 0)
            && speech.Tokens.Count(t => t.IsWord && t.Is("filler") && !t.Cues.Overlaps(Courtesies)) <= 5
            && !speech.Tokens.Any(t => t.IsMark("?"));
        if (Told() is { Count: > 0 } told)
        {
            var ordering = ClausesWith("order");
            if (drafts.All(d => told.Contains(d.Clause) || (!d.HasName && !ordering.Contains(d.Clause))))
                return All(Purposes.Other, "tells something, and orders nothing");
            return new Act(Purposes.Order, told, orders, "orders beside something that is told");
        }

        if (drafts.Any(d => d.HasName || d.Quantity is not null))
            return new Act(Purposes.Order, None, orders, orders ? "says that it orders"
            : "names products or quantities");
        return Small() with { Orders = orders, Muted = None };
    }

    // "I have 5 kg at home", "my neighbour took 2": clauses that say who did or has something, with no word that
    // orders. A false order is worse than one that has to be said again.
    private HashSet<int> Told()
    {
        var told = Telling();
        foreach (var sort in (string[])["order", "polite", "add", "remove", "negotiate", "confirm"])
            told.ExceptWith(ClausesWith(sort));
        // "Only" corrects a line, and tells of what came.
        told.ExceptWith(ClausesWith("set").Except(ClausesWith("contrast")));
        return told;
    }

    // "2 kg rice because we have guests" orders, whatever is told after it.
    private HashSet<int> Telling()
    {
        var told = new HashSet<int>();
        foreach (var cue in speech.Of("telling"))
        {
            var counted = drafts.FirstOrDefault(
                d => d.Clause == _clauses[cue.Start] && d is { Quantity: not null, HasName: true });
            if (cue.Value != "before" || counted is null
                || speech.Tokens.IndexOf(counted.Number ?? counted.Tokens[0]) > cue.Start)
                told.Add(_clauses[cue.Start]);
        }

        return told;
    }

    private Act Small()
    {
        if (speech.Has("handover")) return All(Purposes.Handover, "asks for a person");
        if (awaitsYes && speech.Has("decline")) return All(Purposes.Decline, "no to what was shown");
        if (speech.Has("payment")) return All(Purposes.Payment, "speaks of a payment");
        if (speech.Has("price")) return All(Purposes.PriceQuery, "asks for a price");
        if (speech.Has("thanks")) return All(Purposes.Thanks, "thanks");
        if (speech.Has("greeting")) return All(Purposes.Greeting, "greets");
        return All(Purposes.Other, "nothing recognised");
    }

    private static Act All(string purpose, string why) => new(purpose, null, false, why);

    /// <summary>Lines count only in clauses that are free of these phrases, order plainly and say how much.</summary>
    private Act Part(string purpose, params ReadOnlySpan<string> sorts)
    {
        var muted = new HashSet<int>();
        foreach (var sort in sorts) muted.UnionWith(ClausesWith(sort));
        return HasOrder(muted)
            ? new Act(Purposes.Order, muted, true, $"orders, beside: {purpose}")
            : All(purpose, $"phrase for {purpose}");
    }

    private bool HasOrder(HashSet<int> muted)
    {
        var told = ClausesWith("telling");
        var ordering =
            speech.Cues.Where(
                c => (c.Sort == "order" || (c.Sort == "add" && !told.Contains(_clauses[c.Start])))
                    && !muted.Contains(_clauses[c.Start]))
            .Select(c => _clauses[c.Start]).ToHashSet();
        var polite = ClausesWith("polite");
        polite.UnionWith(ClausesWith("thanks"));
        if (drafts.Any(d => d.Quantity is not null && ordering.Contains(d.Clause))) return true;
        // "do you have rose water? 3 bottles if yes"
        var provided = ClausesWith("conditional");
        if (speech.Has("stock")
            && drafts.Any(d => d.Quantity is not null && provided.Contains(d.Clause) && !muted.Contains(d.Clause)))
            return true;
        // A polite list and a question about something else: "2 ctn oil please. Do you have sugar?"
        return drafts.Any(
            d => d.Quantity is not null && d.HasName && d.Meaning.Candidates.Count > 0 && polite.Contains(d.Clause)
                && !muted.Contains(d.Clause))
            && drafts.Any(d => d.HasName && muted.Contains(d.Clause));
    }

    // "the usual soap" is a product; "the usual" is the last order.
    private bool Reorders() =>
        !speech.Has("aboutself")
            && speech.Of("reorder").Where(c => !speech.Of("asmany").Any(c.Overlaps))
                .Any(c => c.Value != "usual" || c.End >= speech.Tokens.Count
        || speech.Tokens[c.End] is not { IsWord: true, IsKnown: false });

    private bool AsksIn(int clause) => speech.Tokens.Where((t, i) => _clauses[i] == clause && t.IsMark("?")).Any();

    // "a dozen aprons, deliver to the back door": a plain list beside it, and nothing that asks.
    private bool ListsBeside(string sort)
    {
        var muted = ClausesWith(sort);
        return !speech.Tokens.Any(t => t.IsMark("?"))
            && HasQuantities(d => d.Meaning.IsClear && !muted.Contains(d.Clause));
    }

    private HashSet<int> ClausesWith(string sort) => [.. speech.Of(sort).Select(c => _clauses[c.Start])];

    private bool HasQuantities(Func<Draft, bool> which) =>
        drafts.Any(d => d.Quantity is not null && d.HasName && which(d));

    private bool HasLines(Func<Draft, bool> which) =>
        drafts.Any(d => (d.Quantity is not null || d.Meaning.IsClear) && which(d));

    // "who took my 2 boxes?", "what is 2+2": a question word, and nothing that orders.
    private bool IsQuestion() => Asks() ||
        !speech.Has("order", "polite", "add", "remove", "set")
            && speech.Of("question").Any(c => !speech.Tokens[c.Start].IsMark("?"))
            && !drafts.Any(d => d.Meaning.IsClear && d.Quantity is not null && d.Unit is not null)
            && speech.Of("question").Any(c => c.Start == 0 || speech.Tokens[c.Start].IsMark("?"));

    // "3 of the 10 don't work", "de los 6 que compré 2 no prenden".
    private bool IsPartOf() =>
        !speech.Has("order", "polite", "add", "remove") && speech.Has("decline", "not")
            && speech.Tokens.Count(t => t.IsNumber) >= 2
        && speech.Of("partof").Any(c => speech.Tokens.ElementAtOrDefault(c.End) is { IsNumber: true, Measure: null }
            || (c.Value == "after" && c.Start > 0));

    // "did you say 5?": whoever begins so and ends with a question mark asks.
    private bool Asks() => !speech.Has("order", "polite", "add", "remove") && speech.Tokens.Any(t => t.IsMark("?"))
        && speech.Of("asks")
            .Any(c => c.Start == 0 || speech.Tokens[c.Start - 1].EndsClause
                || speech.Tokens[c.Start - 1].Cues.Contains("greeting"));

    // "is 12 cheaper than 2 boxes of 6": whoever begins so asks, with or without a question mark.
    private bool StartsAsking() =>
        !speech.Has("order", "polite", "add", "set")
            && speech.Of("asks").Any(c => c.Start == 0 || speech.Tokens[c.Start - 1].EndsClause
        || speech.Tokens[c.Start - 1].Cues.Contains("greeting"));

    // "Asked for 12 and got 10", "I got rear ones but wanted front ones".
    private bool Contrasts() =>
        !speech.Has("order", "add", "thanks") && (speech.Of("contrast").Any(c => c.Value == "but")
        || (speech.Has("contrast") && speech.Tokens.Count(t => t.IsNumber && !t.Noise) >= 2));

    // "I've sent 1850 for the fan": a sum, for no unit or name follows.
    private bool SendsMoney() =>
        speech.Of("sent")
            .Any(c => c.Value == "after"
                && speech.Tokens.ElementAtOrDefault(c.Start - 1) is { IsNumber: true, Measure: null, Value: >= 100 })
        || speech.Of("sent")
            .Any(c => speech.Tokens.ElementAtOrDefault(c.End) is { IsNumber: true, Measure: null, Value: >= 50 }
        && (speech.Tokens.ElementAtOrDefault(c.End + 1) is not { } next || next.Kind == TokenKind.Mark
            || (next.Is("filler") && next.Unit is null)));

    private bool IsAdvert()
    {
        var count = speech.Of("advert").Count();
        return count > 0 && !speech.Has("order")
            && (count > 1 || speech.Tokens.Any(t => t is { IsNumber: true, Noise: true }));
    }

    private bool Complains() =>
        speech.Has("past") || !speech.Has("order", "polite", "add") || speech.Of("complaint").Any(c => c.Length > 1)
        || !HasQuantities(_ => true);

    // "cancel the eggs" takes a line out; "cancel my order" stops all.
    private Act? Cancels()
    {
        if (!speech.Has("cancel")) return null;
        var clauses = ClausesWith("cancel");
        if (drafts.Any(
            d => clauses.Contains(d.Clause) && d.HasName && d.Meaning is { Unexplained: 0, Candidates.Count: > 0 }))
            return null;
        if (HasOrder(clauses)) return null;
        return All(Purposes.Cancel, "stops the order");
    }

    // "I was wondering if you could send 12 and maybe 3": who asks politely and orders is not undecided for one
    // "maybe".
    private bool Hedges() =>
        speech.Of("hedge").Any(c => c.Value != "soft" || !(speech.Has("polite") && speech.Has("order")));

    private bool AsksStock() =>
        !(speech.Has("order") && HasQuantities(d => d.Meaning.IsClear) && !speech.Tokens.Any(t => t.IsMark("?"))) &&
        (AsksPlainly());

    private bool AsksPlainly() =>
        speech.Tokens.Any(t => t.IsMark("?")) || !HasQuantities(_ => true)
            || speech.Of("stock")
                .Any(c => c.Length > 1
                    && !(c.Value == "tag" && c.Start > 0 && speech.Tokens[c.Start - 1].Is("common")));

    private bool Negotiates()
    {
        // "99 percent discount approved" claims; "rate mein kami kar dena" asks.
        foreach (var cue in speech.Of("negotiate"))
            if (!speech.Tokens.Where(
                (t, i) => _clauses[i] == _clauses[cue.Start] && t is { IsNumber: true, Noise: true }).Any()
                && !(cue.Value == "less"
                    && drafts.Any(d => d.Clause == _clauses[cue.Start] && d is { HasName: true, Quantity: not null })))
                return true;
        return false;
    }

    private bool Confirms()
    {
        if (!awaitsYes || !speech.Has("confirm")
            || speech.Has("negotiate", "strongprice", "status", "complaint", "stronghandover")) return false;
        if (speech.Has("decline", "negatebefore", "negateafter", "conditional", "reserve")
            || speech.Tokens.Any(t => t.IsMark("?"))) return false;
        if (speech.Tokens.Any(t => t is { IsNumber: true, Noise: false })
            || drafts.Any(d => d.Meaning.Candidates.Count > 0 && d.Names.Count > 0)) return false;
        return speech.Tokens.Count(t => t.IsWord && !t.IsKnown) <= 2;
    }
}
