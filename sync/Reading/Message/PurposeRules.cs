using Sak.Sync.Reading.Words;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>
/// Separates an order from what only looks like one: the first rule that holds decides. A false order is the worst
/// error, so whatever speaks of the past, of money paid, of faults or of questions comes first, and holds no lines
/// unless another clause plainly orders.
/// </summary>
internal static class PurposeRules
{
    public sealed record Rule(string Name, Func<PurposeSigns, bool> When, Func<PurposeSigns, Decision> Then);

    /// <summary>In their order: the first whose condition holds decides.</summary>
    public static readonly IReadOnlyList<Rule> Rules =
    [
        new("forwarded", s => s.Forwarded, _ => Decision.NoLines(Purpose.Other, "forwarded")),
        new("wrong chat", s => s.Text.Has(WrongChat),
            _ => Decision.NoLines(Purpose.Other, "sent by mistake or to the wrong chat")),
        new("advertisement", s => s.IsAdvert(), _ => Decision.NoLines(Purpose.Other, "an advertisement")),
        new("complaint", s => s.Complains(), s => Beside(s, Purpose.Complaint, Complaint, Past)),
        new("some of them are faulty", s => s.IsPartOf(), s => Beside(s, Purpose.Complaint, PartOf, Past)),
        new("payment", s => s.Pays(), s => Beside(s, Purpose.Payment, Payment, PaymentHint, Past, MoneySent)),
        new("last order again", s => s.Reorders(),
            _ => Decision.AllLines(Purpose.Reorder, true, "asks for the last order again")),
        new("no more messages", s => s.WantsNoMessages(),
            _ => Decision.NoLines(Purpose.Stop, "wants no more messages")),
        new("asks for a person", s => s.AsksForPerson(),
            _ => Decision.NoLines(Purpose.Handover, "asks for a person")),
        new("cancels the order", s => s.CancelsAll(), _ => Decision.NoLines(Purpose.Cancel, "stops the order")),
        new("orders and bargains", s => s.BargainsOverQuantities(),
            _ => Decision.AllLines(Purpose.Negotiate, true, "orders and asks for a better price")),
        new("price question", s => s.AsksPrice(), s => Beside(s, Purpose.PriceQuery, PriceQuestion, PriceHint)),
        new("status question", s => s.AsksStatus(), s => Beside(s, Purpose.Status, StatusQuestion, Past)),
        new("about SAK itself", s => s.SpeaksOnlyOf(AboutSak),
            _ => Decision.NoLines(Purpose.Other, "speaks of what the shop shows or of SAK itself")),
        new("stock question", s => s.AsksStock(), s => Beside(s, Purpose.StockQuery, StockQuestion)),
        new("something else came", s => s.GotSomethingElse(), s => Beside(s, Purpose.Complaint, Past, Contrast)),
        new("past", s => s.Text.Has(Past),
            s => Beside(s, s.Text.Has(Thanks) ? Purpose.Thanks : Purpose.Other, Past)),
        new("undecided", s => s.IsUndecided(), s => Beside(s, Purpose.Other, Undecided)),
        new("other topic", s => s.SpeaksOnlyOf(OtherTopic),
            _ => Decision.NoLines(Purpose.Other, "asks about something else")),
        new("question", s => s.IsQuestion(), _ => Decision.NoLines(Purpose.Other, "asks about something else")),
        new("yes", s => s.SaysYes(), _ => Decision.NoLines(Purpose.Confirm, "yes to what was shown")),
        new("bargains over quantities", s => s.Bargains() && s.HasQuantities() && !s.StartsAsking(),
            _ => Decision.AllLines(Purpose.Negotiate, true, "orders and asks for a better price")),
        new("bargains", s => s.Bargains(), _ => Decision.NoLines(Purpose.PriceQuery, "asks for a better price")),
        new("only narrates", s => s.OnlyNarrates(),
            _ => Decision.NoLines(Purpose.Other, "tells something, and orders nothing")),
        new("orders and narrates", s => s.Narrated.Count > 0,
            s => new Decision(Purpose.Order, s.Narrated, s.Orders, "orders beside something that is told")),
        new("order", s => s.Stretches.Any(d => d.HasName || d.HasQuantity),
            s => Decision.AllLines(Purpose.Order, s.Orders,
                s.Orders ? "says that it orders" : "names products or quantities")),

        // A message that comes here names nothing and counts nothing. Later messages of the turn may, and their lines
        // count.
        new("may ask for a person", s => s.Text.Has(HandoverHint),
            s => Small(s, Purpose.Handover, "asks for a person")),
        new("no", s => s.AwaitsYes && s.Text.Has(Decline), s => Small(s, Purpose.Decline, "no to what was shown")),
        new("may speak of a payment", s => s.Text.Has(PaymentHint),
            s => Small(s, Purpose.Payment, "speaks of a payment")),
        new("may ask for a price", s => s.Text.Has(PriceHint), s => Small(s, Purpose.PriceQuery, "asks for a price")),
        new("thanks", s => s.Text.Has(Thanks), s => Small(s, Purpose.Thanks, "thanks")),
        new("greeting", s => s.Text.Has(Greeting), s => Small(s, Purpose.Greeting, "greets")),
        new("nothing recognised", _ => true, s => Small(s, Purpose.Other, "nothing recognised")),
    ];

    public static Decision Decide(PurposeSigns signs)
    {
        var rule = Rules.First(r => r.When(signs));
        return rule.Then(signs) with { Rule = rule.Name };
    }

    /// <summary>Lines count only in clauses that are free of these phrases, order plainly and say how much.</summary>
    private static Decision Beside(PurposeSigns signs, Purpose purpose, params ReadOnlySpan<PhraseKind> kinds)
    {
        var muted = new HashSet<int>();
        foreach (var kind in kinds) muted.UnionWith(signs.ClausesWith(kind));
        return signs.HasOrder(muted)
            ? new Decision(Purpose.Order, muted, true, $"orders, beside: {purpose.Text()}")
            : Decision.NoLines(purpose, $"phrase for {purpose.Text()}");
    }

    private static Decision Small(PurposeSigns signs, Purpose purpose, string why) =>
        Decision.AllLines(purpose, signs.Orders, why);
}
