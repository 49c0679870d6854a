using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// Makes lines of the stretches of a turn's messages, in the order written: joins a name and its quantity, fills in
/// what was left out, lets an answer meet its question, and turns each doubt into a question.
/// </summary>
internal sealed class LineReader(Context context)
{
    private readonly List<LineEntry> _entries = [];
    private readonly LineMaker _maker = new(context);
    private Answers? _answers;

    /// <summary>Reads one message after another; lines of the earlier ones are at hand for the later ones.</summary>
    public void Read(MessageText text, IReadOnlyList<Draft> drafts, Decision decision, int message)
    {
        var drafter = new Drafter(text, context.Vocabulary);
        var used = drafts.Where(d => !decision.Mutes(d.Clause)).ToList();
        Neighbours.GiveOps(text, used);
        Neighbours.Complete(drafter, used, [.. drafts.Where(d => decision.Mutes(d.Clause))]);
        Swaps.Apply(text, used, context);
        Alternatives.Join(drafter, used);
        foreach (var draft in drafts.Where(
            d => decision.Mutes(d.Clause)
                && decision.Purpose is Purpose.StockQuery or Purpose.PriceQuery or Purpose.Order))
            if ((draft.Product ?? LineMaker.SurelyNamed(draft, context.Vocabulary)) is { } product
                && decision.Mutes(draft.Clause) && !context.Discussed.Contains(product)) context.Discussed.Add(product);
        var mine = new List<LineEntry>();
        foreach (var draft in used.Where(
            d => !d.Fallback && !Totals.OneMore(text, d, mine) && !Totals.Clears(text, d)))
            if (_maker.Make(draft, decision, used, message, _entries.Count > 0) is { } entry) mine.Add(entry);
        AsMany(text, mine);
        Distribute(used, mine);
        Totals.Drop(mine);
        Totals.PartBoth(mine, context);
        foreach (var entry in mine) Place(entry, decision);
        if (text.Has(PhraseKind.ClearBasket) && _entries.Any(e => e.Quantity is not null))
            _entries.AddRange(Totals.Cleared(_entries, mine[0], context));
    }

    /// <summary>All lines of the turn.</summary>
    public List<ReadLine> Finish(bool ordering, bool reordering)
    {
        var finisher = new LineFinisher(context, _entries);
        finisher.AskForUnits();
        finisher.Merge();
        var lines = new List<ReadLine>();
        // One clear line makes it an order; what else is named in it is asked.
        var orders = ordering || _entries.Any(e => e is { Product: not null, Quantity: not null });
        foreach (var entry in _entries) lines.AddRange(finisher.Finish(entry, orders, reordering));
        return lines;
    }

    public IReadOnlyList<(LineOp Op, decimal Factor, Product? Product, decimal? Quantity, string? Unit,
        ReadLine Line)> Changes(bool ordering)
    {
        var finisher = new LineFinisher(context, _entries);
        finisher.AskForUnits();
        finisher.Merge();
        return [.. _entries.SelectMany(
            e => finisher.Finish(e, ordering, true).Select(l => (e.Op, e.Factor, l.Product, l.Quantity, l.Unit, l)))];
    }

    // "boneless 2 kg and the same again of thigh"
    private static void AsMany(MessageText text, List<LineEntry> entries)
    {
        for (var i = 1; i < entries.Count; i++)
            if (entries[i] is { Quantity: null, NoName: false, Draft: { } draft }
                && entries[i - 1] is { Quantity: not null } before
                && text.Of(PhraseKind.AsMany).Any(c => draft.Tokens.Contains(text.Tokens[c.End - 1])))
                (entries[i].Quantity, entries[i].Unit) = (before.Quantity, before.Unit);
    }

    // "2 sets each", "5 each: oil, sugar", "everything in cartons".
    private static void Distribute(List<Draft> drafts, List<LineEntry> entries)
    {
        foreach (var each in entries.Where(e => e.Draft!.Each && e.Quantity is not null).ToList())
        {
            var open =
                entries.Where(e => e != each && e.Quantity is null && !e.NoName && e.Op is LineOp.Plain or LineOp.Add)
                .ToList();
            foreach (var entry in open)
                (entry.Quantity, entry.Unit, entry.Elliptic) = (each.Quantity, entry.Unit ?? each.Unit, true);
            if (each.NoName && open.Count > 0) entries.Remove(each);
        }

        foreach (var all in entries.Where(e => e.NoName && e.Draft!.All && e.Unit is not null && e.Draft.Number is null)
            .ToList())
        {
            var open = entries.Where(e => e != all && e.Unit is null && !e.NoName && e.Quantity is not null).ToList();
            foreach (var entry in open) entry.Unit = all.Unit;
            if (open.Count > 0) entries.Remove(all);
        }
    }

    private void Place(LineEntry entry, Decision decision)
    {
        if ((_answers ??= new Answers(context, _entries)).Take(entry)) return;
        if (entry.NoName) PlaceNameless(entry, decision);
        else
        {
            // "hey / 3 cartons / car shampoo": the quantity came before the name.
            if (entry.Quantity is null && _entries.LastOrDefault() is { NoName: true, Quantity: not null } waiting
                && entry.Op == LineOp.Plain
                && (waiting.Message != entry.Message
                    || waiting.Draft!.Tokens.All(
                        t => t.IsNumber || t.Unit is not null || t.Phrases.Count > 0 || t.Is(PhraseKind.Of))))
            {
                (entry.Quantity, entry.Unit) = (waiting.Quantity, waiting.Unit);
                entry.Words = waiting.Message == entry.Message ? entry.Words : $"{waiting.Words} {entry.Words}";
                _entries.Remove(waiting);
            }

            _entries.Add(entry);
            if (entry.Product is { } product && !context.Discussed.Contains(product)) context.Discussed.Add(product);
        }
    }

    private void PlaceNameless(LineEntry entry, Decision decision)
    {
        var last = _entries.LastOrDefault(e => !e.NoName);
        if (entry.Draft!.Both && context.Discussed.Count >= 2 && entry.Quantity is not null)
        {
            // "white instead of black, both pieces": as many as there were.
            if (_entries.Any(e => e.Op == LineOp.Remove && e.Message == entry.Message)
                && last is { Op: LineOp.Set, Quantity: not null }) return;
            foreach (var product in context.Discussed.TakeLast(2))
                _entries.Add(Copy(entry, product, "both that were talked about"));
            return;
        }

        if (last is { Quantity: null, Op: LineOp.Plain or LineOp.Add or LineOp.Set }
            && entry.Op is LineOp.Plain or LineOp.Set
            && entry.Quantity is not null)
        {
            (last.Quantity, last.Unit) = (entry.Quantity, entry.Unit);
            last.Why += $"; quantity from \"{entry.Words}\"";
            return;
        }

        // "face mask 4" / "box": the unit comes after.
        if (last is { Quantity: not null, Unit: null, Op: LineOp.Plain or LineOp.Add } && last.Message != entry.Message
            && entry.Draft is { Number: null, Tokens.Count: 1 } && entry.Unit is not null)
        {
            last.Unit = entry.Unit;
            return;
        }

        if (entry.Op == LineOp.Multiply && last is null && context.Basket.Lines.Count == 0) return;
        // "make everything double"
        if (entry is { Op: LineOp.Multiply, Draft.All: true } && last is null)
        {
            foreach (var product in context.InBasket) _entries.Add(Copy(entry, product, "everything in the basket"));
            return;
        }

        // "6 boxes, I mean tins": only the unit was wrong.
        if (last is { Quantity: not null, Product: not null } && last.Message == entry.Message
            && entry is { Op: LineOp.Set, Unit: not null, Draft: { Number: null, Both: false, All: false } })
        {
            last.Unit = entry.Unit;
            return;
        }

        // A unit in passing ("my box number") says nothing; a bare quantity after a complete line changes it only where
        // something says so.
        if (entry.Draft.Number is null && entry.Op is LineOp.Plain && !entry.Draft.Both) return;
        var plain = entry.Op == LineOp.Plain && !entry.Draft.Text.Tokens.Any(t => t.Negated);
        if (plain && last is { Product: not null, Quantity: not null } && last.Message == entry.Message)
        {
            if (entry.Draft.Tokens.Count <= 4) _entries.Add(entry);
            return;
        }

        if (Target(entry, last) is { } target)
        {
            if (last is not null && last.Product == target && entry.Op is LineOp.Plain or LineOp.Set)
            {
                (last.Quantity, last.Unit) = (entry.Quantity ?? last.Quantity, entry.Unit ?? last.Unit);
                return;
            }

            _entries.Add(Copy(entry, target, "what was talked about"));
            return;
        }

        entry.Candidates = [.. context.InBasket.Take(5)];
        if (entry.Quantity is not null && (decision.Orders || entry.Unit is not null || context.Basket.Lines.Count > 0
            || entry.Draft.Tokens.Count <= 3)) _entries.Add(entry);
        else if (entry.Op == LineOp.Remove && entry.Candidates.Count > 0) _entries.Add(entry);
    }

    // Which line "make it 3", "7 not 4", "4 more of the same" speaks of.
    private Product? Target(LineEntry entry, LineEntry? last)
    {
        var wrong = entry.Draft!.Tokens.Concat(entry.Draft.Text.Tokens).FirstOrDefault(t => t.Negated)?.Value;
        if (wrong is not null && context.Basket.Lines.Where(l => l.Quantity == wrong || l.BaseQuantity == wrong * 1000)
            .ToList() is [var only]) return context.Find(only.Sku);
        if (last?.Product is not null && (entry.Op != LineOp.Plain || wrong is not null)) return last.Product;
        if (context.InBasket.Count == 1
            && (entry.Op != LineOp.Plain || wrong is not null || context.Discussed.Count == 0))
            return context.InBasket[0];
        if (context.InBasket.Count > 1 && entry.Op != LineOp.Plain
            && !(context.Discussed is [var one] && context.InBasket.Contains(one))) return null;
        return context.Discussed.Count == 1 ? context.Discussed[0] : null;
    }

    private static LineEntry Copy(LineEntry from, Product product, string why) => new()
    {
        Op = from.Op, Factor = from.Factor, Draft = from.Draft, Message = from.Message, MessageId = from.MessageId,
        Words = from.Words,
            Quantity = from.Quantity, Unit = from.Unit, Elliptic = true,
        Product = product, Candidates = [product], Why = $"\"{from.Words}\": {product.Sku}, {why}",
    };
}
