using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// Lets an answer meet its question, whether it was asked before the turn or only came up in an earlier message of it.
/// </summary>
internal sealed class Answers(Context context, List<LineEntry> entries)
{
    private readonly List<Pending> _pending = [.. context.Basket.Open.Where(o => o.Asks != AskedFor.Unknown)
        .Select(o => new Pending(o))];

    // An answer meets its question: which product, how many, which unit.
    public bool Take(LineEntry entry)
    {
        foreach (var entryOpen in entries.Where(
            e => e is { Product: null, NoName: false, Unknown: false } && e.Message < entry.Message
            && e.Candidates.Count > 1).ToList())
            if (Chosen(entry, entryOpen.Candidates) is { } chosen)
            {
                (entryOpen.Product, entryOpen.Weak) = (chosen, false);
                if (entryOpen.Draft is { Names.Count: > 0 } asked)
                {
                    entryOpen.AskedAs = asked.Text.Words(asked.Names);
                    entryOpen.Words = $"{entryOpen.AskedAs}, {entry.Words}";
                }

                (entryOpen.Quantity, entryOpen.Unit) = (QuantityOf(entry, entryOpen.Quantity) ?? entryOpen.Quantity,
                    entry.Draft!.Number is { Measure: null } ? entry.Unit ?? entryOpen.Unit : entryOpen.Unit);
                entryOpen.Why += $"; \"{entry.Words}\" chose {chosen.Sku}";
                return true;
            }

        foreach (var pending in _pending.Where(p => !p.Answered))
            if (Answer(entry, pending)) return pending.Answered = true;
        return false;
    }

    private bool Answer(LineEntry entry, Pending pending)
    {
        var open = pending.Open;
        if (open.Asks == AskedFor.Product)
        {
            var candidates = open.Candidates.Select(context.Find).OfType<Product>().ToList();
            if (entry.NoName && entry.Quantity is not null && open.Quantity is null
                && Chosen(entry, candidates) is null) return false;
            if (Chosen(entry, candidates) is not { } chosen) return false;
            entries.Add(new LineEntry
            {
                Product = chosen, Candidates = [chosen], Quantity = QuantityOf(entry, open.Quantity) ?? open.Quantity,
                    Unit = entry.Draft!.Number is { Measure: null } && !entry.NoName ? entry.Unit ?? open.Unit
                        : entry.Unit is not null
                    && entry.Draft.Number is { Measure: null } ? entry.Unit : open.Unit,
                Words = $"{open.Words}, {entry.Words}", AskedAs = open.Words, MessageId = entry.MessageId, Answer = true,
                Elliptic = true,
                    Why = $"\"{entry.Words}\" answers which \"{open.Words}\": {chosen.Sku}", Draft = entry.Draft,
                    Message = entry.Message,
            });
            return true;
        }

        if (context.Find(open.Sku) is not { } product) return false;
        if (!entry.NoName && entry.Product != product) return false;
        if (entry.Quantity is null && entry.Unit is null) return false;
        var quantity = open.Asks == AskedFor.Unit && entry.Draft!.Number is null
            ? open.Quantity ?? entry.Quantity
            : entry.Quantity;
        entries.Add(new LineEntry
        {
            Product = product, Candidates = [product], Quantity = quantity, Unit = entry.Unit ?? open.Unit,
            Words = Said(open, entry), AskedAs = open.AskedAs, MessageId = entry.MessageId, Answer = true, Elliptic = true,
            Why = $"\"{entry.Words}\" answers {EnumWords.Of(open.Asks)} of {product.Sku}", Draft = entry.Draft,
            Message = entry.Message,
        });
        return true;
    }

    private static string Said(OpenLine open, LineEntry entry) => open.Words.Length == 0
        || entry.Words.Contains(open.Words, StringComparison.OrdinalIgnoreCase)
        ? entry.Words
        : $"{open.Words}, {entry.Words}";

    private static decimal? QuantityOf(LineEntry entry, decimal? known) =>
        entry.NoName && known is not null ? null : entry.Draft!.Number is { Measure: null } ? entry.Quantity : null;

    // One of the candidates, by what the answer adds: a word, a colour, a size.
    private Product? Chosen(LineEntry entry, IReadOnlyList<Product> candidates)
    {
        var draft = entry.Draft!;
        var words = draft.Names.Concat(draft.Maybe)
            .Where(n => context.Vocabulary.Like(n.Text, n.ValueOf(PhraseKind.Adjective)).Count > 0).ToList();
        if (draft.Names.Except(words).Any() && words.Count == 0) return null;
        for (var withNumbers = 1; withNumbers >= 0; withNumbers--)
        {
            IReadOnlyList<Token> sizes = withNumbers == 1 ? draft.Numbers : draft.Sizes;
            if (words.Count == 0 && sizes.Count == 0) continue;
            var meaning = Matcher.Find(context.Vocabulary, words, [], sizes, []);
            if (meaning.SizesMissed > 0) continue;
            var fit =
                meaning.Matches.Where(
                    m => candidates.Contains(m.Product) && m.Explained == words.Count && m.Sizes == sizes.Count)
                    .ToList();
            if (fit.Count == 0) continue;
            var top = fit.Max(m => m.Tier);
            var best = fit.Where(m => m.Tier == top || words.Count == 0).ToList();
            if (best.Count == 1) return best[0].Product;
        }

        return null;
    }
}
