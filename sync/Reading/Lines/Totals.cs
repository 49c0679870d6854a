using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// What is said of several lines at once: a total and its parts, "both", one more of the same, everything gone.
/// </summary>
internal static class Totals
{
    /// <summary>
    /// "6 earbuds - 4 black 2 white": where parts of one kind add up to what stands before them, that is no line.
    /// </summary>
    public static void Drop(List<LineEntry> entries)
    {
        for (var i = 0; i + 2 < entries.Count; i++)
        {
            if (entries[i] is not { Product: null, Unknown: false, Quantity: { } total,
                Op: LineOp.Plain or LineOp.Add } sum
                || (sum.NoName && i > 0)) continue;
            var (rest, end) = (total, i + 1);
            while (end < entries.Count && rest > 0
                && entries[end] is { Product: { } part, Quantity: { } quantity } next
                && (sum.Unit ?? next.Unit) == (next.Unit ?? sum.Unit)
                && (sum.NoName || sum.Draft!.Meaning.Matches.Any(m => m.Product == part && m.Explained > 0)))
            {
                rest -= quantity;
                end++;
            }

            if (rest != 0 || end < i + 3) continue;
            foreach (var next in entries[(i + 1)..end]) next.Unit ??= sum.Unit;
            entries.RemoveAt(i);
        }
    }

    /// <summary>"Both wires, one roll each": the two that the words fit, in the basket before elsewhere.</summary>
    public static void PartBoth(List<LineEntry> entries, Context context)
    {
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            if (entries[i] is not { Product: null, NoName: false, Unknown: false, Quantity: not null,
                Draft: { Both: true } draft } both) continue;
            var fitting =
                draft.Meaning.Matches.Where(
                    m => m.Explained > 0 && m.Explained >= draft.Names.Count - draft.Meaning.Unexplained)
                    .Select(m => m.Product).Distinct().ToList();
            var here = fitting.Where(context.InBasket.Contains).ToList();
            if (here.Count != 2) here = fitting;
            if (here.Count != 2) continue;
            entries.RemoveAt(i);
            entries.InsertRange(i, here.Select(product => new LineEntry
            {
                Op = both.Op, Factor = both.Factor, Draft = draft, Message = both.Message, MessageId = both.MessageId,
                Words = both.Words, Quantity = both.Quantity, Unit = both.Unit,
                Product = product, Candidates = [product], Why = $"{both.Why}; both: {product.Sku}",
            }));
        }
    }

    /// <summary>
    /// "... and another of the same for my niece": one more of the line before. True where the draft says no more than
    /// that.
    /// </summary>
    public static bool OneMore(MessageText text, Draft draft, List<LineEntry> before)
    {
        if (before.LastOrDefault(e => e.Draft!.HasName) is not { Quantity: { } quantity } line
            || draft.Meaning.IsClear) return false;
        if (!text.Of(PhraseKind.OneMore).Any(c => draft.Tokens.Contains(text.Tokens[c.Start]))) return false;
        line.Quantity = quantity + 1;
        line.Why += $"; one more of it: \"{draft.Words}\"";
        return true;
    }

    /// <summary>True for the words that empty the basket, which name nothing.</summary>
    public static bool Clears(MessageText text, Draft draft) =>
        draft.Quantity is null && text.Of(PhraseKind.ClearBasket).Any(c => draft.Tokens.Contains(text.Tokens[c.Start]));

    /// <summary>
    /// "Clear all that, only 2 boxes of batteries": what was in the basket and is not ordered anew goes.
    /// </summary>
    public static IEnumerable<LineEntry> Cleared(List<LineEntry> entries, LineEntry like, Context context) =>
        [.. context.InBasket.Where(p => entries.All(e => e.Product != p)).Select(product => new LineEntry
        {
            Op = LineOp.Remove, Draft = like.Draft, Message = like.Message, MessageId = like.MessageId,
            Words = like.Words,
            Product = product, Candidates = [product], Why = $"{product.Sku}: everything else goes",
        })];
}
