using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>Cuts a message into stretches that may each be a line, and reads every stretch by itself.</summary>
internal sealed class Cutter(MessageText text, Vocabulary vocabulary)
{
    private const int MaxTokens = 24;

    // One line has a quantity and sizes; more numbers than that are more than one line.
    private const int MostNumbers = 4;

    // Beside those that may be lines, as many again and again say nothing.
    private const int IdleForOne = 4;

    public List<Stretch> Read() => Read(int.MaxValue / (IdleForOne + 1)).Stretches;

    /// <summary>The first stretches of the message, of which at most so many may be lines.</summary>
    /// <returns>All is false where some were not read.</returns>
    public (List<Stretch> Stretches, bool All) Read(int most)
    {
        var (stretches, idle) = (new List<Stretch>(), most * IdleForOne);
        foreach (var (tokens, clause) in Stretches())
            foreach (var stretch in Split(tokens))
            {
                if (stretch.HasName || stretch.Quantity is not null ? most-- == 0 : idle-- == 0)
                    return (stretches, false);
                stretches.Add(stretch with { Clause = clause });
            }

        return (stretches, true);
    }

    /// <summary>Reads one stretch again with the words of a neighbour, for what it leaves out.</summary>
    public Stretch ReadWith(Stretch stretch, IReadOnlyList<Token> context) => Best(stretch.Tokens, context) with
    {
        Clause = stretch.Clause, Op = stretch.Op, Factor = stretch.Factor, Fallback = stretch.Fallback,
        Elliptic = true, Family = string.Join(' ', context.Select(t => t.Text)),
    };

    /// <summary>
    /// Reads a stretch whose one number says which of the neighbour's kind it is: "13" after "phone covers".
    /// </summary>
    public Stretch ReadAsSize(Stretch stretch, IReadOnlyList<Token> context) =>
        Try(StretchWords.Sort(text, stretch.Tokens, vocabulary), null, context) with
        {
            Clause = stretch.Clause, Op = stretch.Op, Factor = stretch.Factor, Elliptic = true,
            Family = string.Join(' ', context.Select(t => t.Text)),
        };

    /// <summary>Reads a stretch whose quantity is this number, and every other one a size; null: it has none.</summary>
    public Stretch ReadCounting(Stretch stretch, Token? number) =>
        Try(StretchWords.Sort(text, stretch.Tokens, vocabulary), number, []) with
        {
            Clause = stretch.Clause, Op = stretch.Op, Factor = stretch.Factor,
        };

    /// <summary>Reads a part of a stretch by itself, with the words of a neighbour for what it leaves out.</summary>
    public Stretch ReadPart(IReadOnlyList<Token> tokens, IReadOnlyList<Token> context) => Best(tokens, context);

    // Commas, line ends and "and" cut; a dash or colon between a name and a number does not.
    private IEnumerable<(List<Token> Tokens, int Clause)> Stretches()
    {
        var tokens = text.Tokens;
        var swaps = SwapCuts.Of(text, vocabulary);
        var stretch = new List<Token>();
        var clause = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (IsListNumber(tokens, i)) token.Noise = true;
            if (token.IsAside || swaps.Contains(i) || token.EndsClause || IsCut(tokens, i))
            {
                if (stretch.Count > 0) yield return (stretch, clause);
                stretch = [];
            }
            else if (token.Kind != TokenKind.Mark)
            {
                if (stretch.Count == 0) clause = text.Clauses[i];
                stretch.Add(token);
            }
        }

        if (stretch.Count > 0) yield return (stretch, clause);
    }

    private bool IsCut(List<Token> tokens, int at)
    {
        var token = tokens[at];
        var before = at > 0 ? tokens[at - 1] : null;
        var after = at + 1 < tokens.Count ? tokens[at + 1] : null;
        if (token.IsWord && token.Is(PhraseKind.And)) return before is null || after is null
            || !(vocabulary.Joins(before.Text, after.Text)
                || (before.IsNumber && before.Spelled && after.IsNumber && before.Value >= 20));
        if (token.IsWord && token.Is(PhraseKind.Or) && text.Has(PhraseKind.Conditional)) return true;
        if (token.Kind != TokenKind.Mark || token.Text is "'" or "." or "#" or "@" or "=") return false;
        if (token.Text is "-" or ":")
            return !((before is { IsNumber: true } || (before is { IsWord: true } && MayName(before)))
                && after is { IsNumber: true })
            && !(token.Glued && before is { Glued: true }) && after is not { IsWord: true, Unit: not null };
        return true;
    }

    // "following: 200 page notebooks" announces a list, "putty: 3" is a line of it.
    private bool MayName(Token word) =>
        !word.IsKnown || word.Unit is not null || word.Is(PhraseKind.Adjective) || word.Is(PhraseKind.Measure)
            || vocabulary.Knows(word.Text);

    // "1. oil 5" and "2) sugar 3" at the start of lines that count up.
    private static bool IsListNumber(List<Token> tokens, int at)
    {
        if (!tokens[at].IsNumber || tokens[at].Measure is not null || at + 1 >= tokens.Count
            || !(tokens[at + 1].IsMark(".)") || (tokens[at + 1].IsMark("-") && tokens[at].Glued))) return false;
        if (at > 0 && !tokens[at - 1].IsMark("\n") && !(tokens[at].Value == 1 && tokens[at + 1].IsMark(")")))
            return false;
        if (tokens[at].Value == 1) return tokens.Skip(at).Any(t => t.IsMark("\n"));
        for (var i = at - 1; i > 0; i--)
            if (tokens[i].IsNumber && tokens[i].Value == tokens[at].Value - 1
                && (tokens[i - 1].IsMark("\n") || (tokens[i].Noise && tokens[i + 1].IsMark(".)")))
                || (i == 1 && tokens[0].IsNumber && tokens[0].Value == tokens[at].Value - 1)) return true;
        return false;
    }

    // "2 bread 3 milk" has no comma: every way to cut at a number is read, and the one that explains most is kept.
    private IEnumerable<Stretch> Split(List<Token> tokens)
    {
        // A long list without a comma is read window by window; the last line of a window may go on in the next.
        var start = 0;
        while (tokens.Count - start > MaxTokens)
        {
            var window = SplitShort(tokens.GetRange(start, MaxTokens));
            if (window.Count > 1) window.RemoveAt(window.Count - 1);
            foreach (var stretch in window) yield return stretch;
            start += window.Sum(d => d.Tokens.Count);
        }

        foreach (var stretch in SplitShort(tokens[start..])) yield return stretch;
    }

    private List<Stretch> SplitShort(List<Token> tokens)
    {
        if (Pairs(tokens) is { Count: > 1 } pairs) return pairs.ConvertAll(p => Best(p, []));
        var whole = Best(tokens, []);
        var cuts = Cuts(tokens, whole);
        // "100 wali 4": the name was left out, and both numbers belong together.
        var offers = tokens.Any(t => t.IsWord && t.Is(PhraseKind.Or))
            && tokens.Count(t => t is { IsNumber: true, Noise: false }) <= 1;
        if (offers || cuts.Count <= 2 || whole.Names.Count + whole.Maybe.Count == 0) return [whole];
        var best = new (double Score, List<Stretch> Stretches)[cuts.Count];
        best[0] = (0, []);
        for (var end = 1; end < cuts.Count; end++)
        {
            best[end] = (double.MinValue, []);
            for (var start = end - 1; start >= 0; start--)
            {
                // A part with that many numbers is no line, and nor is a longer one.
                if (start < end - 1 && Numbers(tokens, cuts[start], cuts[end]) > MostNumbers) break;
                var stretch = start == 0 && end == cuts.Count - 1 ? whole : Best(tokens[cuts[start]..cuts[end]], []);
                var score = best[start].Score + stretch.Score - (IsHalf(stretch) ? 2 : 1.2);
                if (score >= best[end].Score) best[end] = (score, [.. best[start].Stretches, stretch]);
            }
        }

        return best[^1].Stretches;
    }

    private static int Numbers(List<Token> tokens, int from, int to)
    {
        var numbers = 0;
        for (var i = from; i < to; i++)
            if (tokens[i] is { IsNumber: true, Noise: false }) numbers++;
        return numbers;
    }

    // "4x 60w 2x 100w": numbers and sizes in turn, and nothing else.
    private static List<List<Token>> Pairs(List<Token> tokens)
    {
        if (tokens.Count < 4 || tokens.Count % 2 != 0 || tokens.Any(t => t is not { IsNumber: true, Noise: false }))
            return [];
        var pairs = tokens.Chunk(2).Select(p => p.ToList()).ToList();
        return pairs.TrueForAll(p => p[0].Measure is null && p[1].Measure is not null)
            || pairs.TrueForAll(p => p[0].Measure is not null && p[1].Measure is null) ? pairs : [];
    }

    // A number with nothing to count beside a name that nothing counts: cut in the wrong place ("pens 3 | ink 2", not
    // "3 ink").
    private static bool IsHalf(Stretch stretch) =>
        stretch.Names.Count == 0 ? stretch.Quantity is not null && stretch.Units.Count == 0 && stretch.Sizes.Count == 0
        : stretch is { Number: null, Quantity: null, Meaning.IsClear: true };

    private List<int> Cuts(List<Token> tokens, Stretch whole)
    {
        var cuts = new SortedSet<int> { 0, tokens.Count };
        var numbers = tokens.Count(t => t is { IsNumber: true, Noise: false, Negated: false });
        if (numbers >= 2 || (numbers == 1 && IsSwapped(tokens))) cuts.UnionWith(AroundNumbers(tokens));
        if (numbers == 1 && BehindNumber(tokens, whole) is { } behind) cuts.Add(behind);
        cuts.UnionWith(BetweenNames(tokens, whole));
        return [.. cuts];
    }

    private bool IsSwapped(List<Token> tokens)
    {
        var first = tokens[0].At;
        return text.Phrases.Any(c => c.Kind == PhraseKind.InsteadOfPrefix && c.End == first);
    }

    private static IEnumerable<int> AroundNumbers(List<Token> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!tokens[i].IsNumber || tokens[i].Noise) continue;
            yield return i;
            var end = i + 1;
            while (end < tokens.Count && (tokens[end].Unit is not null || tokens[end].Is(PhraseKind.Measure))) end++;
            yield return end;
        }
    }

    // "gend 12 nag football": the second name has no number.
    private static int? BehindNumber(List<Token> tokens, Stretch whole)
    {
        if (whole.Meaning.Unexplained == 0 || whole.Number is not { Measure: null } number
            || tokens.IndexOf(number) is not (> 0 and var middle)) return null;
        var end = middle + 1;
        while (end < tokens.Count && tokens[end].Unit is not null) end++;
        return tokens.Take(middle).Any(whole.Names.Contains) && tokens.Skip(end).Any(whole.Names.Contains)
            ? end
            : null;
    }

    // "oil sugar salt": names only, no one product explains them all.
    private IEnumerable<int> BetweenNames(List<Token> tokens, Stretch whole)
    {
        if (whole.Meaning.Unexplained == 0 || whole.Names.Count is < 2 or > 8) yield break;
        for (var i = 1; i < tokens.Count; i++)
            if (tokens[i].IsWord && vocabulary.Knows(tokens[i].Text) && vocabulary.Knows(tokens[i - 1].Text)
                && whole.Names.Contains(tokens[i]) && whole.Names.Contains(tokens[i - 1])) yield return i;
    }

    private Stretch Best(IReadOnlyList<Token> tokens, IReadOnlyList<Token> context)
    {
        var sorted = StretchWords.Sort(text, tokens, vocabulary);
        Stretch? best = null;
        foreach (var number in sorted.Numbers.Cast<Token?>().Append(null))
        {
            var stretch = Try(sorted, number, context);
            if (best is null || stretch.Score > best.Score) best = stretch;
        }

        return best!;
    }

    // The stretch with this number as its quantity, and every other one as a size.
    private Stretch Try(Stretch sorted, Token? number, IReadOnlyList<Token> context)
    {
        IReadOnlyList<Token> sizes = [.. sorted.Numbers.Where(n => n != number)];
        var stretch = sorted with { Number = number, Sizes = sizes,
            Meaning = MeaningOf(sorted, number, sizes, context) };
        var (quantity, unit) = StretchUnits.Of(stretch, vocabulary);
        stretch = stretch with { Quantity = quantity, Unit = unit };
        return stretch with { Score = StretchScore.Of(stretch) - (IsOnlyQuantity(stretch) ? 1.5 : 0) };
    }

    private Meaning MeaningOf(Stretch sorted, Token? number, IReadOnlyList<Token> sizes,
        IReadOnlyList<Token> context) =>
        sorted.Names.Count + sorted.Maybe.Count + context.Count > 0
            || (number is not null && sizes is [{ Value: >= 100 } or { Measure: not null }])
            ? Matcher.Find(vocabulary, sorted.Names, sorted.Maybe, sizes, context)
            : Meaning.Nothing with { SizesMissed = sizes.Count };

    // "oil 2" is two, though it comes in bottles of 2 l: a small bare number is the size of something only where a name
    // says it so ("wiper 18") or it is needed to tell two products apart.
    private bool IsOnlyQuantity(Stretch stretch)
    {
        if (stretch is not { Number: null, Sizes: [{ Measure: null, Value: < 50 } size],
            Meaning: { Product: { } product, Sizes: 1 } }
            || stretch.Names.Count == 0) return false;
        if (ProductNames.Of(product).Forms.Any(f => f.Words.Any(w => w.Number == size.Value && w.Measure is null)))
            return false;
        return Matcher.Find(vocabulary, stretch.Names, stretch.Maybe, [], []).Product == product;
    }
}
