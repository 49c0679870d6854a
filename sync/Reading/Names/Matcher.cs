using Sak.Sync.Model;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Names;

/// <summary>One product that a phrase may mean, and how well.</summary>
/// <param name="Tier">5 SKU, 4 a whole name, 3 a whole name but for its size, 2 part of a name, 1 words of several
/// names.</param>
/// <param name="Explained">Words of the phrase that the product accounts for.</param>
/// <param name="Sizes">Numbers of the phrase that are a size of the product.</param>
/// <param name="Adjacent">A number stands before the word that it stands before in the name ("200 pages").</param>
/// <param name="Head">The phrase holds a word that can stand for the product.</param>
internal sealed record Fit(Product Product, int Tier, double Likeness, int Explained, int Sizes, int Context,
    bool Adjacent, bool Head, double Cover)
{
    /// <summary>Words of the language that the name has too.</summary>
    public int Maybe { get; init; }
}

/// <summary>What a phrase means.</summary>
/// <param name="Product">The one product, when there is no doubt.</param>
/// <param name="Candidates">Otherwise what it could be, best first.</param>
/// <param name="Unexplained">Words that no candidate accounts for.</param>
internal sealed record Meaning(Product? Product, IReadOnlyList<Product> Candidates, int Unexplained, int Sizes,
    int SizesMissed, int Tier,
    bool Adjacent, IReadOnlyList<Fit> Matches)
{
    public static readonly Meaning Nothing = new(null, [], 0, 0, 0, 0, false, []);

    public bool IsClear => Product is not null;
}

/// <summary>Finds what a phrase means among the products at hand.</summary>
internal static class Matcher
{
    private const int MaxWords = 16;
    private const int MaxCandidates = 5;

    private sealed class Score
    {
        public uint Form;
        public uint Phrase;
        public uint Sure;
        public double Sum;
        public readonly sbyte[] At = NewAt();

        private static sbyte[] NewAt()
        {
            var at = new sbyte[MaxWords * 2];
            Array.Fill(at, (sbyte)-1);
            return at;
        }
    }

    /// <param name="words">Each must be accounted for.</param>
    /// <param name="maybe">Words of the language that the catalog also uses; they help, but need not fit.</param>
    /// <param name="sizes">Numbers that must be sizes of the product.</param>
    /// <param name="context">Words of the line before, for what this one leaves out.</param>
    public static Meaning Find(Vocabulary vocabulary, IReadOnlyList<Token> words, IReadOnlyList<Token> maybe,
        IReadOnlyList<Token> sizes,
        IReadOnlyList<Token> context)
    {
        var phrase = words.Take(MaxWords).Concat(sizes.Take(4)).Concat(maybe.Take(4)).Concat(context.Take(4)).ToList();
        var (w, s, m) = (Math.Min(words.Count, MaxWords), Math.Min(sizes.Count, 4), Math.Min(maybe.Count, 4));
        var scores = ScoreAll(vocabulary, phrase, w, s);
        var matches = Judge(vocabulary, scores, phrase, w, s, m);
        return Resolve(matches, words.Count, sizes.Count, maybe.Count);
    }

    private static Dictionary<(int, int), Score> ScoreAll(Vocabulary vocabulary, List<Token> phrase, int words,
        int sizes)
    {
        var scores = new Dictionary<(int, int), Score>();
        for (var t = 0; t < phrase.Count; t++)
        {
            if (phrase[t].IsNumber)
                foreach (var (place, word) in vocabulary.Numbers)
                {
                    if (SizeLikeness(phrase[t], word) is var likeness and > 0) Put(scores, place, t, likeness);
                }
            else
                foreach (var (word, likeness) in vocabulary.Like(phrase[t].Text,
                    phrase[t].ValueOf(PhraseKind.Adjective)))
                    foreach (var place in vocabulary.PlacesOf(word))
                        if (t < words || scores.Count > 0 || words == 0) Put(scores, place, t, likeness);
        }

        foreach (var ((product, form), score) in scores) Unbind(vocabulary.Products[product].Forms[form], score,
            phrase, words, sizes);
        return scores;
    }

    private static void Put(Dictionary<(int, int), Score> scores, Vocabulary.Place place, int token, double likeness)
    {
        if (place.Word >= 30) return;
        if (!scores.TryGetValue((place.Product, place.Form), out var score))
            scores[(place.Product, place.Form)] = score = new Score();
        var formBit = 1u << place.Word;
        var phraseBit = 1u << token;
        if ((score.Form & formBit) != 0 || (score.Phrase & phraseBit) != 0) return;
        score.Form |= formBit;
        score.Phrase |= phraseBit;
        score.At[token] = (sbyte)place.Word;
        score.Sum += likeness;
        if (likeness >= Spelling.Sure) score.Sure |= phraseBit;
    }

    private static double SizeLikeness(Token size, NameWord word)
    {
        if (size.Measure is not null && word.Measure is not null)
            return Measures.Same(size.Value, size.Measure, word.Number!.Value, word.Measure) ? 1 : 0;
        return size.Value == word.Number ? size.Measure is null && word.Measure is null ? 1 : 0.95 : 0;
    }

    // A bare number is a size only beside its word: in "brake fluid 4" the 4 of "brake fluid DOT 4" is a quantity.
    // And a word that is only roughly alike needs a second one that agrees.
    private static void Unbind(Form form, Score score, List<Token> phrase, int words, int sizes)
    {
        for (var t = words; t < words + sizes && words > 0; t++)
        {
            if (score.At[t] < 0 || phrase[t].Measure is not null) continue;
            int k = score.At[t];
            var beside = (k > 0 && (score.Form >> (k - 1) & 1) == 1)
                || (k + 1 < form.Words.Length && (score.Form >> (k + 1) & 1) == 1);
            if (!beside) Drop(score, t);
        }

        if ((score.Sure & ((1u << words) - 1)) != 0) return;
        for (var t = 0; t < words; t++)
            if (score.At[t] >= 0) Drop(score, t);
    }

    private static void Drop(Score score, int token)
    {
        score.Form &= ~(1u << score.At[token]);
        score.Phrase &= ~(1u << token);
        score.At[token] = -1;
    }

    private static List<Fit> Judge(Vocabulary vocabulary, Dictionary<(int Product, int Form), Score> scores,
        List<Token> phrase, int words, int sizes,
        int maybe)
    {
        var best = new Dictionary<int, (Fit Fit, uint Union)>();
        var wordMask = (1u << words) - 1;
        foreach (var ((product, formIndex), score) in scores)
        {
            if (score.Phrase == 0) continue;
            var form = vocabulary.Products[product].Forms[formIndex];
            var match = One(vocabulary.Products[product].Product, form, score, phrase, words, sizes, maybe);
            var union = score.Phrase & wordMask;
            best[product] = best.TryGetValue(product, out var known)
                ? (Better(match, known.Fit) ? match : known.Fit, union | known.Union)
                : (match, union);
        }

        var matches = new List<Fit>(best.Count);
        foreach (var (match, union) in best.Values)
        {
            var explained = System.Numerics.BitOperations.PopCount(union);
            matches.Add(explained > match.Explained ? match with { Explained = explained, Tier = 1 } : match);
        }

        return matches;
    }

    private static Fit One(Product product, Form form, Score score, List<Token> phrase, int words, int sizes, int maybe)
    {
        double weight = 0;
        bool whole = true, wordsWhole = true, plain = false, loose = false;
        for (var k = 0; k < form.Words.Length; k++)
        {
            var word = form.Words[k];
            if ((score.Form >> k & 1) == 1)
            {
                weight += word.Weight;
                plain |= word.Weight >= 1 && !word.Heard.HasDigit;
            }
            else if (word.Weight >= 1) whole = wordsWhole = false;
            else if (word.Weight >= 0.4) whole = false;
            else loose |= k == form.Outer.First || k == form.Outer.Last;
        }

        // "wax" is not yet the "wax strips", nor "a15" the "a15 case": a unit's word at the name's end says what the
        // thing is.
        if (loose && (form.ModelFirst || !plain)) whole = wordsWhole = false;

        var explained = System.Numerics.BitOperations.PopCount(score.Phrase & ((1u << words) - 1));
        var matchedSizes = System.Numerics.BitOperations.PopCount(score.Phrase >> words & ((1u << sizes) - 1))
            + OfOtherForms(product, score, phrase, words, sizes);
        var context = System.Numerics.BitOperations.PopCount(score.Phrase >> (words + sizes + maybe));
        var count = System.Numerics.BitOperations.PopCount(score.Phrase);
        var tier = form.IsSku ? 5 : whole ? 4 : wordsWhole ? 3 : 2;
        return new Fit(product, tier, count == 0 ? 0 : score.Sum / count, explained, matchedSizes, context,
            IsAdjacent(form, score, phrase, words, sizes), (score.Form & form.Heads) != 0, weight / form.Total)
            { Maybe = System.Numerics.BitOperations.PopCount(score.Phrase >> (words + sizes) & ((1u << maybe) - 1)) };
    }

    // An alias leaves the size out that the name has: "bulb 9 W" is the "LED Bulb 9 W" that is also called "bulb".
    private static int OfOtherForms(Product product, Score score, List<Token> phrase, int words, int sizes)
    {
        var found = 0;
        if ((score.Phrase & ((1u << words) - 1)) == 0) return 0;
        for (var t = words; t < words + sizes; t++)
            if ((score.Phrase >> t & 1) == 0 && phrase[t] is { Measure: not null } or { Value: >= 50 }
                && phrase[t] is var size
                && ProductNames.Of(product).Forms.Any(
                    f => f.Words.Any(w => w is { Number: not null, Measure: not null } && SizeLikeness(size, w) > 0)))
                found++;
        return found;
    }

    private static bool IsAdjacent(Form form, Score score, List<Token> phrase, int words, int sizes)
    {
        for (var t = words; t < words + sizes; t++)
        {
            if (score.At[t] < 0 || phrase[t].Measure != form.Words[score.At[t]].Measure) continue;
            for (var o = 0; o < words; o++)
                if (score.At[o] == score.At[t] + 1 && phrase[o].Start >= phrase[t].End
                    && phrase[o].Start - phrase[t].End <= 1) return true;
        }

        return false;
    }

    private static bool Better(Fit a, Fit b) =>
        (a.Explained, a.Sizes, a.Context, a.Tier, a.Likeness, a.Cover).CompareTo(
            (b.Explained, b.Sizes, b.Context, b.Tier, b.Likeness, b.Cover)) > 0;

    private static Meaning Resolve(List<Fit> matches, int words, int sizes, int maybe)
    {
        var pool = words > 0 ? matches.Where(m => m.Explained > 0) : sizes > 0 ? matches.Where(m => m.Sizes > 0)
            : matches.Where(m => m.Tier >= 3 || m.Context > 0);
        var found = pool.ToList();
        if (found.Count == 0) return Meaning.Nothing with { Unexplained = words, SizesMissed = sizes };
        var most = found.Max(m => m.Explained);
        found = [.. found.Where(m => m.Explained == most)];
        var context = found.Max(m => m.Context);
        if (words == 0) found = [.. found.Where(m => m.Context == context)];
        var size = found.Max(m => m.Sizes);
        found = [.. found.Where(m => m.Sizes == size).OrderByDescending(m => m.Tier).ThenByDescending(m => m.Context)
            .ThenByDescending(m => m.Likeness).ThenByDescending(m => m.Cover)
            .ThenBy(m => m.Product.Sku, StringComparer.Ordinal)];
        var top = found[0];
        var equal =
            found.Where(m => m.Tier == top.Tier && m.Context == top.Context && m.Likeness >= top.Likeness - 0.05)
                .ToList();
        // "double cheeseburger" where "double" is also a verb: the name that has that word too.
        if (equal.Count > 1 && equal.Max(m => m.Maybe) is > 0 and var help)
            (equal, top) = ([.. equal.Where(m => m.Maybe == help)], equal.First(m => m.Maybe == help));
        // "ice" is the ice before it is the ice box: a name that is there word for word.
        if (equal.Count > 1 && top.Tier == 4 && equal.Where(m => m.Cover > 0.99).ToList() is { Count: > 0 } full)
            (equal, top) = (full, full[0]);
        var clear = equal.Count == 1 && most == words && size == sizes
            && (top.Tier >= 3 || top.Head || top.Context > 0 || (top.Tier == 1 && words > 1));
        var candidates = (equal.Count > 1 ? equal : found).Take(MaxCandidates).Select(m => m.Product).ToList();
        return new Meaning(clear ? top.Product : null, candidates, words - most, size, sizes - size, top.Tier,
            found.Any(m => m.Adjacent), found);
    }
}
