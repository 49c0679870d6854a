using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>Makes a line of one stretch: what is clear, what is doubtful, what is only chatter.</summary>
internal sealed class LineMaker(Context context)
{
    public LineEntry? Make(Stretch stretch, Decision decision, IReadOnlyList<Stretch> stretches, int message,
        bool afterLines)
    {
        var meaning = stretch.Meaning;
        var entry = new LineEntry(stretch, message)
        {
            Op = stretch.Op, Factor = stretch.Factor, Quantity = stretch.Quantity, Unit = stretch.Unit,
            Elliptic = stretch.Elliptic, Product = meaning.Product, Candidates = meaning.Candidates,
            Why = $"\"{stretch.Words}\": {Describe(meaning)}"
                + (stretch.Family is { } family ? $", of the family \"{family}\"" : ""),
        };
        if (context.OwnWord(stretch.Names) is { } own)
            return entry with { Product = own, Why = $"{entry.Why}; the customer's own word for {own.Sku}" };

        if (OfFamilyAtHand(stretch) is { } sized)
            return entry with { Product = sized, Candidates = [sized], Elliptic = true,
                Why = $"{entry.Why}; the one of its size that was spoken of" };
        if (!stretch.HasName || (stretch.Names.Count == 0 && meaning.Candidates.Count == 0)) return Nameless(stretch,
            entry);
        if (meaning.Candidates.Count == 0) return Unfound(stretch, decision, stretches, entry, afterLines);
        if (meaning.Unexplained > 0 || meaning.SizesMissed > 0)
            return Partly(stretch, decision, stretches, entry, afterLines);
        return ByMeasure(stretch) ?? entry;

        // "4 litres of it" may be one can or four bottles; "5 kg rice" where there is only one such bag asks how many.
        LineEntry? ByMeasure(Stretch d)
        {
            if (d.Number is not null || d.Sizes is not [{ Measure: { } measure } amount] || !Measures.AddsUp(measure)
                || !BeforeName(d, amount)) return null;
            var fits = Matcher.Find(context.Vocabulary, d.Names, d.Maybe, [], [])
                .Matches.Where(m => m.Explained == d.Names.Count && Parts(m.Product, amount) is not null)
                .Select(m => m.Product).ToList();
            if (fits.Count < 2) return null;
            return entry with { Product = null, Candidates = fits };
        }
    }

    // "bump the 1100s up to 60": a size alone, of the one product at hand that has it.
    private Product? OfFamilyAtHand(Stretch stretch)
    {
        if (stretch is not { Names.Count: 0, Sizes: [var size], Number: { Measure: null } }
            || size is { Measure: null, Value: < 5 }) return null;
        var sized = stretch.Meaning.Matches.Where(m => m.Sizes == 1).Select(m => m.Product).ToHashSet();
        return context.InBasket.Concat(context.Discussed).Distinct().Where(sized.Contains).ToList() is [var one]
            ? one
            : null;
    }

    private static bool BeforeName(Stretch stretch, Token number) =>
        stretch.Names.Concat(stretch.Maybe).All(n => n.Start > number.Start)
            && !stretch.Tokens.SkipWhile(t => t != number).Skip(1).Take(1).Any(t => t.Is(PhraseKind.SizeNoun));

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
    private static LineEntry? Nameless(Stretch stretch, LineEntry entry)
    {
        if (stretch.Quantity is null && stretch.Unit is null && stretch.Sizes.Count == 0
            && stretch.Op != LineOp.Multiply
            && !(stretch.Op == LineOp.Remove && stretch.That)) return null;
        // "quero fazer um pedido": one of nothing.
        if (stretch is { Number: { Spelled: true, Value: 1 }, Unit: null, Each: false }
            && stretch.Text.Tokens.Count > 2)
            return null;
        return entry with { NoName = true, Product = null };
    }

    // Words that no product answers to: an unknown product where the rest looks like an order, chatter otherwise.
    private static LineEntry? Unfound(Stretch stretch, Decision decision, IReadOnlyList<Stretch> stretches,
        LineEntry entry,
        bool afterLines)
    {
        if (stretch.Quantity is null or < 0.25m || stretch.Op is LineOp.Remove || stretch.Names.All(n =>
            n.Text.Length < 2))
            return null;
        // "in a separate bag": how it is to come, and no product of its own.
        if (stretch.Number is null
            && !(stretch.Units.Count > 0
                && stretch.Tokens.ElementAtOrDefault(
                    StretchScore.Index(stretch.Tokens, stretch.Units[0]) + 1) is { IsWord: true } after
            && (after.Is(PhraseKind.Of) || StretchScore.Index(stretch.Tokens, stretch.Units[0]) == 0))) return null;
        var others = afterLines || stretches.Any(d => d != stretch && d.Meaning.IsClear && d.Quantity is not null);
        var terse = stretch.Names.Count <= 3 && stretch.Tokens.Count(t => t.IsWord && t.IsKnown && t.Unit is null) <= 3;
        if (!NextTo(stretch) || !Together(stretch) || stretch.Names.Count > 4 || !(others || decision.Orders || terse))
            return null;
        return entry with { Unknown = true, Words = stretch.Text.Words(stretch.Names) };
    }

    // "reached in good condition" is no name: a name's words follow each other.
    private static bool Together(Stretch stretch)
    {
        var (first, last) = (-1, -1);
        for (var i = 0; i < stretch.Tokens.Count; i++)
            if (stretch.Names.Contains(stretch.Tokens[i])) (first, last) = (first < 0 ? i : first, i);
        return Enumerable.Range(first, last - first + 1)
            .All(i => stretch.Names.Contains(stretch.Tokens[i]) || stretch.Tokens[i].Is(PhraseKind.Of)
            || stretch.Maybe.Contains(stretch.Tokens[i]));
    }

    // The name stands right beside the quantity, as in a line of an order.
    private static bool NextTo(Stretch stretch)
    {
        var tokens = stretch.Tokens;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i] != stretch.Number && !(stretch.Number is null && tokens[i].Unit is not null)) continue;
            for (var step = 1; step <= 3; step++)
            {
                if (i + step < tokens.Count && stretch.Names.Contains(tokens[i + step]) && Between(tokens, i, i + step))
                    return true;
                if (i - step >= 0 && stretch.Names.Contains(tokens[i - step]) && Between(tokens, i - step, i))
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
    private LineEntry? Partly(Stretch stretch, Decision decision, IReadOnlyList<Stretch> stretches, LineEntry entry,
        bool afterLines)
    {
        if (stretch.Number is { Measure: not null } || stretch.Sizes.Any(s => s.Measure is { } m && Measures.AddsUp(m)))
            if (stretch.Meaning.Unexplained == 0) return OneOf(entry);

        if ((OneSize.Of(stretch, context.Vocabulary) ?? WithoutChatter(stretch)) is { } meaning)
        {
            entry = entry with { Product = meaning.Product, Candidates = meaning.Candidates };
            if (meaning.SizesMissed == 0) return entry;
        }

        if (stretch.Quantity is null && stretch.Op != LineOp.Remove)
            return decision.Orders && stretch.Meaning.Unexplained == 0 ? AskWhich(entry)
            : Named(stretch, decision, stretches, entry, afterLines);
        if (stretch.Meaning.Unexplained == 0) return AskWhich(entry);
        if (stretch.Op == LineOp.Remove) return entry.Candidates.Count > 0 ? AskWhich(entry) : null;
        if (stretch.Names.All(n => n.Is(PhraseKind.Adjective) || context.Vocabulary.Like(n.Text, null).Count > 0))
            return AskWhich(entry);
        var whole = stretch.Meaning.Tier >= 4 && stretch.Meaning.Candidates.Count == 1;
        if (whole) return AskWhich(entry);
        return Unfound(stretch, decision, stretches, entry, afterLines)
            ?? Doubtful(stretch, decision, stretches, entry, afterLines);
    }

    // A quantity with words of the catalog among others, in a turn that orders: asked rather than dropped.
    private LineEntry? Doubtful(Stretch stretch, Decision decision, IReadOnlyList<Stretch> stretches, LineEntry entry,
        bool afterLines)
    {
        var orders = decision.Orders || afterLines
            || stretches.Any(d => d != stretch && d.Meaning.IsClear && d.Quantity is not null);
        return orders && stretch.Quantity is not null && stretch.Names.Any(n => context.Vocabulary.Knows(n.Text))
            ? AskWhich(entry)
            : null;
    }

    // A whole name among words that nobody knows, in a turn that orders: how many is asked, it does not vanish.
    private LineEntry? Named(Stretch stretch, Decision decision, IReadOnlyList<Stretch> stretches, LineEntry entry,
        bool afterLines)
    {
        if (!(decision.Orders || afterLines
            || stretches.Any(d => d != stretch && d.Meaning.IsClear && d.Quantity is not null)))
            return null;
        if (SurelyNamed(stretch, context.Vocabulary) is not { } product) return null;
        return entry with { Product = product, Candidates = [product], Unit = null };
    }

    /// <summary>
    /// The product whose whole name the stretch holds, in words of the catalog, beside whatever other words.
    /// </summary>
    public static Product? SurelyNamed(Stretch stretch, Vocabulary vocabulary)
    {
        var known = stretch.Names.Where(n => vocabulary.Knows(n.Text)).ToList();
        return known.Count > 0
            && Matcher.Find(vocabulary, known, stretch.Maybe, stretch.Sizes, []) is { Product: { } product, Tier: >= 3 }
            ? product
            : null;
    }

    // "2 kg" of what comes in packs of one: which product is no question, how many packs is.
    private static LineEntry OneOf(LineEntry entry)
    {
        if (entry.Candidates is not [var only]) return AskWhich(entry);
        var measure = entry.Stretch.Sizes.FirstOrDefault(t => t.Measure is not null)?.Measure;
        return entry with { Product = only, Quantity = null, Unit = entry.Unit ?? measure };
    }

    private static LineEntry AskWhich(LineEntry entry) => entry with { Product = null };

    // "boss kindly arrange 5 ghee", "5 ghee for tomorrow's function": unknown words beyond the number, or three and
    // more after the name.
    private Meaning? WithoutChatter(Stretch stretch)
    {
        var known = stretch.Names.Where(n => context.Vocabulary.Like(n.Text, n.ValueOf(PhraseKind.Adjective)).Count > 0)
            .ToList();
        if (known.Count == stretch.Names.Count) return Beyond(stretch);
        if (known.Count == 0) return null;
        if (stretch.Quantity is null && known.Any(n => !context.Vocabulary.Knows(n.Text))) return null;
        var number = stretch.Number?.Start ?? -1;
        var (first, last, alone) = (known[0].Start, known[^1].Start, false);
        foreach (var odd in stretch.Names.Except(known))
        {
            var beyond = number >= 0 && (odd.Start < number != first < number);
            var trailing = odd.Start > last && stretch.Names.Count(n => n.Start > last) >= 3;
            var leading = odd.Start < first && (number < 0 || number > last)
                && stretch.Names.Count(n => n.Start < first) >= 3;
            var purpose = odd.Start > last
                && stretch.Text.Of(PhraseKind.UsedFor)
                    .Any(c => stretch.Text.Tokens[c.Start].Start > last
                        && stretch.Text.Tokens[c.End - 1].End <= odd.Start);
            if (!beyond && !trailing && !leading && !purpose
                && !(odd.Start > last && number >= 0 && number < first && !odd.Is(PhraseKind.Adjective))
                && !IsUsualSize(odd, known))
                return null;
            alone |= !IsUsualSize(odd, known) && !beyond && !trailing && !leading && !purpose;
        }

        if (Matcher.Find(context.Vocabulary, known, stretch.Maybe, stretch.Sizes, []) is not { Unexplained: 0 } meaning)
            return null;
        // "3 fresh ones of it" behind a name that only one product has: no other of the kind could be meant.
        return alone
            && !(meaning is { IsClear: true, Tier: >= 4 }
                && meaning.Matches.Count(m => m.Explained == known.Count && m.Sizes == meaning.Sizes) == 1)
                ? null
                : meaning;
    }

    // "the big b20" where there is a b20 and a b20 mini: the one that is not small.
    // And "a large shake" where shakes come in one size.
    private bool IsUsualSize(Token odd, List<Token> known) => OneSize.IsOnly(odd, known, context.Vocabulary)
        || (odd.ValueOf(PhraseKind.Adjective) == "big"
            && Matcher.Find(context.Vocabulary, known, [], [], []) is { Product: { } product, Tier: >= 4 } meaning
        && meaning.Matches.Any(
            m => m.Product != product && m.Explained == known.Count
                && ProductNames.Of(m.Product).Forms.Any(f => f.Words.Any(w => w.Same == "small"))));

    // "User: 2 straighteners": before the quantity stand words that only resemble a name's, behind it a whole name.
    private Meaning? Beyond(Stretch stretch)
    {
        if (stretch.Number is not { } number || stretch.Sizes.Count > 0) return null;
        var before = stretch.Names.Where(n => n.Start < number.Start).ToList();
        var after = stretch.Names.Where(n => n.Start > number.Start).ToList();
        if (before.Count == 0 || after.Count == 0 || before.Any(n => context.Vocabulary.Has(n.Text))) return null;
        return Matcher.Find(context.Vocabulary, after, stretch.Maybe, [],
            []) is { IsClear: true, Tier: >= 4, Unexplained: 0 } meaning ? meaning : null;
    }

    private static string Describe(Meaning meaning) =>
        meaning.Matches.Count == 0 ? "no product" : string.Join(", ", meaning.Matches.Take(5)
            .Select(m => string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{m.Product.Sku} (tier {m.Tier}, like {m.Likeness:0.00}, words {m.Explained}, sizes {m.Sizes})")));
}
