using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>Makes a line of one stretch: what is clear, what is doubtful, what is only chatter.</summary>
internal sealed class LineMaker(Context context)
{
    public LineEntry? Make(Draft draft, Decision decision, List<Draft> drafts, int message, bool afterLines)
    {
        var meaning = draft.Meaning;
        var entry = new LineEntry
        {
            Op = draft.Op, Factor = draft.Factor, Draft = draft, Message = message, MessageId = draft.Text.MessageId,
            Words = draft.Words,
                Quantity = draft.Quantity, Unit = draft.Unit,
            Elliptic = draft.Elliptic, Product = meaning.Product, Candidates = meaning.Candidates,
        };
        entry.Why = $"\"{entry.Words}\": {Describe(meaning)}";
        if (context.OwnWord(draft.Names) is { } own)
        {
            (entry.Product, entry.Why) = (own, entry.Why + $"; the customer's own word for {own.Sku}");
            return entry;
        }

        if (!draft.HasName || (draft.Names.Count == 0 && meaning.Candidates.Count == 0)) return Nameless(draft, entry);
        if (meaning.Candidates.Count == 0) return Unfound(draft, decision, drafts, entry, afterLines);
        if (meaning.Unexplained > 0 || meaning.SizesMissed > 0)
            return Partly(draft, decision, drafts, entry, afterLines);
        return ByMeasure(draft) ?? entry;

        // "4 litres of it" may be one can or four bottles; "5 kg rice" where there is only one such bag asks how many.
        LineEntry? ByMeasure(Draft d)
        {
            if (d.Number is not null || d.Sizes is not [{ Measure: { } measure } amount] || !Measures.AddsUp(measure)
                || !BeforeName(d, amount)) return null;
            var fits = Matcher.Find(context.Vocabulary, d.Names, d.Maybe, [], [])
                .Matches.Where(m => m.Explained == d.Names.Count && Parts(m.Product, amount) is not null)
                .Select(m => m.Product).ToList();
            if (fits.Count < 2) return null;
            (entry.Product, entry.Candidates, entry.Amount) = (null, fits, true);
            return entry;
        }
    }

    private static bool BeforeName(Draft draft, Token number) =>
        draft.Names.Concat(draft.Maybe).All(n => n.Start > number.Start)
            && !draft.Tokens.SkipWhile(t => t != number).Skip(1).Take(1).Any(t => t.Is(PhraseKind.SizeNoun));

    // How many of a product make up a mass or volume: 4 litres are four bottles of one.
    private static decimal? Parts(Product product, Token amount)
    {
        foreach (var size in ProductNames.Of(product).Forms[0].Words.Where(
            w => w is { Number: > 0, Measure: not null }))
            if (Measures.In(amount.Measure!, size.Measure!) is { } factor
                && amount.Value * factor / size.Number is { } parts && parts >= 1
                && parts == decimal.Truncate(parts)) return parts;
        return null;
    }

    // A quantity or a unit alone; or nothing at all.
    private static LineEntry? Nameless(Draft draft, LineEntry entry)
    {
        if (draft.Quantity is null && draft.Unit is null && draft.Sizes.Count == 0 && draft.Op != LineOp.Multiply
            && !(draft.Op == LineOp.Remove && draft.That)) return null;
        // "quero fazer um pedido": one of nothing.
        if (draft is { Number: { Spelled: true, Value: 1 }, Unit: null, Each: false } && draft.Text.Tokens.Count > 2)
            return null;
        entry.NoName = true;
        entry.Product = null;
        return entry;
    }

    // Words that no product answers to: an unknown product where the rest looks like an order, chatter otherwise.
    private static LineEntry? Unfound(Draft draft, Decision decision, List<Draft> drafts, LineEntry entry,
        bool afterLines)
    {
        if (draft.Quantity is null or < 0.25m || draft.Op is LineOp.Remove || draft.Names.All(n => n.Text.Length < 2))
            return null;
        // "in a separate bag": how it is to come, and no product of its own.
        if (draft.Number is null
            && !(draft.Units.Count > 0
                && draft.Tokens.ElementAtOrDefault(
                    DraftScore.Index(draft.Tokens, draft.Units[0]) + 1) is { IsWord: true } after
            && (after.Is(PhraseKind.Of) || DraftScore.Index(draft.Tokens, draft.Units[0]) == 0))) return null;
        var others = afterLines || drafts.Any(d => d != draft && d.Meaning.IsClear && d.Quantity is not null);
        var terse = draft.Names.Count <= 3 && draft.Tokens.Count(t => t.IsWord && t.IsKnown && t.Unit is null) <= 3;
        if (!NextTo(draft) || !Together(draft) || draft.Names.Count > 4 || !(others || decision.Orders || terse))
            return null;
        entry.Unknown = true;
        entry.Words = draft.Text.Words(draft.Names);
        return entry;
    }

    // "reached in good condition" is no name: a name's words follow each other.
    private static bool Together(Draft draft)
    {
        var (first, last) = (-1, -1);
        for (var i = 0; i < draft.Tokens.Count; i++)
            if (draft.Names.Contains(draft.Tokens[i])) (first, last) = (first < 0 ? i : first, i);
        return Enumerable.Range(first, last - first + 1)
            .All(i => draft.Names.Contains(draft.Tokens[i]) || draft.Tokens[i].Is(PhraseKind.Of)
            || draft.Maybe.Contains(draft.Tokens[i]));
    }

    // The name stands right beside the quantity, as in a line of an order.
    private static bool NextTo(Draft draft)
    {
        var tokens = draft.Tokens;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i] != draft.Number && !(draft.Number is null && tokens[i].Unit is not null)) continue;
            for (var step = 1; step <= 3; step++)
            {
                if (i + step < tokens.Count && draft.Names.Contains(tokens[i + step]) && Between(tokens, i, i + step))
                    return true;
                if (i - step >= 0 && draft.Names.Contains(tokens[i - step]) && Between(tokens, i - step, i))
                    return true;
            }
        }

        return false;
    }

    private static bool Between(IReadOnlyList<Token> tokens, int from, int to)
    {
        for (var i = from + 1; i < to; i++)
            if (tokens[i].Unit is null && !tokens[i].Is(PhraseKind.Of) && !tokens[i].Is(PhraseKind.EqualsSign)
                && !tokens[i].Is(PhraseKind.Each))
                return false;
        return true;
    }

    // Some words or numbers fit and some do not. Chatter away from the quantity is left out; a word beside the name may
    // make it another product, and that is asked.
    private LineEntry? Partly(Draft draft, Decision decision, List<Draft> drafts, LineEntry entry, bool afterLines)
    {
        if (draft.Number is { Measure: not null } || draft.Sizes.Any(s => s.Measure is { } m && Measures.AddsUp(m)))
        {
            entry.Amount = draft.Meaning.SizesMissed > 0;
            if (draft.Meaning.Unexplained == 0) return OneOf(entry);
        }

        if (WithoutChatter(draft) is { } meaning)
        {
            (entry.Product, entry.Candidates) = (meaning.Product, meaning.Candidates);
            if (meaning.SizesMissed == 0) return entry;
        }

        if (draft.Quantity is null && draft.Op != LineOp.Remove)
            return decision.Orders && draft.Meaning.Unexplained == 0 ? AskWhich(entry)
            : Named(draft, decision, drafts, entry, afterLines);
        if (draft.Meaning.Unexplained == 0) return AskWhich(entry);
        if (draft.Op == LineOp.Remove) return entry.Candidates.Count > 0 ? AskWhich(entry) : null;
        if (draft.Names.All(n => n.Is(PhraseKind.Adjective) || context.Vocabulary.Like(n.Text, null).Count > 0))
            return AskWhich(entry);
        var whole = draft.Meaning.Tier >= 4 && draft.Meaning.Candidates.Count == 1;
        if (whole) return AskWhich(entry);
        return Unfound(draft, decision, drafts, entry, afterLines)
            ?? Doubtful(draft, decision, drafts, entry, afterLines);
    }

    // A quantity with words of the catalog among others, in a turn that orders: asked rather than dropped.
    private LineEntry? Doubtful(Draft draft, Decision decision, List<Draft> drafts, LineEntry entry, bool afterLines)
    {
        var orders = decision.Orders || afterLines
            || drafts.Any(d => d != draft && d.Meaning.IsClear && d.Quantity is not null);
        return orders && draft.Quantity is not null && draft.Names.Any(n => context.Vocabulary.Knows(n.Text))
            ? AskWhich(entry)
            : null;
    }

    // A whole name among words that nobody knows, in a turn that orders: how many is asked, it does not vanish.
    private LineEntry? Named(Draft draft, Decision decision, List<Draft> drafts, LineEntry entry, bool afterLines)
    {
        if (!(decision.Orders || afterLines
            || drafts.Any(d => d != draft && d.Meaning.IsClear && d.Quantity is not null)))
            return null;
        if (SurelyNamed(draft, context.Vocabulary) is not { } product) return null;
        (entry.Product, entry.Candidates, entry.Unit) = (product, [product], null);
        return entry;
    }

    /// <summary>
    /// The product whose whole name stands in the stretch in words that the catalog has, whatever else stands there.
    /// </summary>
    public static Product? SurelyNamed(Draft draft, Vocabulary vocabulary)
    {
        var known = draft.Names.Where(n => vocabulary.Knows(n.Text)).ToList();
        return known.Count > 0
            && Matcher.Find(vocabulary, known, draft.Maybe, draft.Sizes, []) is { Product: { } product, Tier: >= 3 }
            ? product
            : null;
    }

    // "2 kg" of what comes in packs of one: which product is no question, how many packs is.
    private static LineEntry OneOf(LineEntry entry)
    {
        if (entry.Candidates is not [var only]) return AskWhich(entry);
        (entry.Product, entry.Quantity, entry.Unit) = (only, null, entry.Unit
            ?? entry.Draft!.Sizes.FirstOrDefault(s => s.Measure is not null)?.Measure);
        return entry;
    }

    private static LineEntry AskWhich(LineEntry entry)
    {
        entry.Product = null;
        entry.Weak = true;
        return entry;
    }

    // "boss kindly arrange 5 ghee", "5 ghee for tomorrow's function": unknown words beyond the number, or three and
    // more after the name.
    private Meaning? WithoutChatter(Draft draft)
    {
        var known = draft.Names.Where(n => context.Vocabulary.Like(n.Text, n.ValueOf(PhraseKind.Adjective)).Count > 0)
            .ToList();
        if (known.Count == draft.Names.Count) return Beyond(draft);
        if (known.Count == 0) return null;
        if (draft.Quantity is null && known.Any(n => !context.Vocabulary.Knows(n.Text))) return null;
        var number = draft.Number?.Start ?? -1;
        var (first, last, alone) = (known[0].Start, known[^1].Start, false);
        foreach (var odd in draft.Names.Except(known))
        {
            var beyond = number >= 0 && (odd.Start < number != first < number);
            var trailing = odd.Start > last && draft.Names.Count(n => n.Start > last) >= 3;
            var leading = odd.Start < first && (number < 0 || number > last)
                && draft.Names.Count(n => n.Start < first) >= 3;
            var purpose = odd.Start > last
                && draft.Text.Of(PhraseKind.UsedFor)
                    .Any(c => draft.Text.Tokens[c.Start].Start > last
                        && draft.Text.Tokens[c.End - 1].End <= odd.Start);
            if (!beyond && !trailing && !leading && !purpose
                && !(odd.Start > last && number >= 0 && number < first && !odd.Is(PhraseKind.Adjective))
                && !IsUsualSize(odd, known))
                return null;
            alone |= !IsUsualSize(odd, known) && !beyond && !trailing && !leading && !purpose;
        }

        if (Matcher.Find(context.Vocabulary, known, draft.Maybe, draft.Sizes, []) is not { Unexplained: 0 } meaning)
            return null;
        // "3 fresh ones of it" behind a name that only one product has: no other of the kind could be meant.
        return alone
            && !(meaning is { IsClear: true, Tier: >= 4 }
                && meaning.Matches.Count(m => m.Explained == known.Count && m.Sizes == meaning.Sizes) == 1)
                ? null
                : meaning;
    }

    // "the big b20" where there is a b20 and a b20 mini: the one that is not small.
    private bool IsUsualSize(Token odd, List<Token> known) =>
        odd.ValueOf(PhraseKind.Adjective) == "big"
            && Matcher.Find(context.Vocabulary, known, [], [], []) is { Product: { } product, Tier: >= 4 } meaning
        && meaning.Matches.Any(
            m => m.Product != product && m.Explained == known.Count
                && ProductNames.Of(m.Product).Forms.Any(f => f.Words.Any(w => w.Same == "small")));

    // "User: 2 straighteners": before the quantity stand words that only resemble a name's, behind it a whole name.
    private Meaning? Beyond(Draft draft)
    {
        if (draft.Number is not { } number || draft.Sizes.Count > 0) return null;
        var before = draft.Names.Where(n => n.Start < number.Start).ToList();
        var after = draft.Names.Where(n => n.Start > number.Start).ToList();
        if (before.Count == 0 || after.Count == 0 || before.Any(n => context.Vocabulary.Has(n.Text))) return null;
        return Matcher.Find(context.Vocabulary, after, draft.Maybe, [],
            []) is { IsClear: true, Tier: >= 4, Unexplained: 0 } meaning ? meaning : null;
    }

    private static string Describe(Meaning meaning) =>
        meaning.Matches.Count == 0 ? "no product" : string.Join(", ", meaning.Matches.Take(5)
            .Select(m => string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{m.Product.Sku} (tier {m.Tier}, like {m.Likeness:0.00}, words {m.Explained}, sizes {m.Sizes})")));
}
