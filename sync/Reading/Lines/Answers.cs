using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// Lets an answer meet its question, whether it was asked before the turn or only came up in an earlier message of it.
/// </summary>
internal sealed class Answers(Context context)
{
    private readonly List<OpenLine> _pending = [.. context.Basket.Open.Where(o => o.Asks != AskedFor.Unknown)];

    /// <summary>True where the line was an answer; then it is in <paramref name="lines"/>.</summary>
    public bool Take(LineEntry answer, List<LineEntry> lines)
    {
        for (var i = 0; i < lines.Count; i++)
            if (lines[i] is { Product: null, NoName: false, Unknown: false, Candidates.Count: > 1 } asked
                && asked.Message < answer.Message && Chosen(answer, asked.Candidates) is { } chosen)
            {
                lines[i] = InTurn(asked, answer, chosen);
                return true;
            }

        foreach (var open in _pending)
            if ((open.Asks == AskedFor.Product ? Which(answer, open) : HowMany(answer, open)) is { } line)
            {
                lines.Add(line);
                _pending.Remove(open);
                return true;
            }

        return false;
    }

    private static LineEntry InTurn(LineEntry asked, LineEntry answer, Product chosen)
    {
        var line = asked with
        {
            Product = chosen,
            Quantity = QuantityOf(answer, asked.Quantity) ?? asked.Quantity,
            Unit = Counts(answer) ? answer.Unit ?? asked.Unit : asked.Unit,
            Why = $"{asked.Why}; \"{answer.Words}\" chose {chosen.Sku}",
        };
        if (asked.Stretch.Names.Count == 0) return line;
        var name = asked.Stretch.Text.Words(asked.Stretch.Names);
        return line with { AskedAs = name, Words = $"{name}, {answer.Words}" };
    }

    private LineEntry? Which(LineEntry answer, OpenLine open)
    {
        var candidates = open.Candidates.Select(context.Find).OfType<Product>().ToList();
        if (Chosen(answer, candidates) is not { } chosen) return null;
        return new LineEntry(answer.Stretch, answer.Message)
        {
            Product = chosen, Candidates = [chosen], Answer = true, Elliptic = true,
            Quantity = QuantityOf(answer, open.Quantity) ?? open.Quantity,
            Unit = Counts(answer) ? answer.Unit ?? open.Unit : open.Unit,
            Words = $"{open.Words}, {answer.Words}", AskedAs = open.Words,
            Why = $"\"{answer.Words}\" answers which \"{open.Words}\": {chosen.Sku}",
        };
    }

    private LineEntry? HowMany(LineEntry answer, OpenLine open)
    {
        if (context.Find(open.Sku) is not { } product || (!answer.NoName && answer.Product != product)
            || (answer.Quantity is null && answer.Unit is null)) return null;
        return new LineEntry(answer.Stretch, answer.Message)
        {
            Product = product, Candidates = [product], Answer = true, Elliptic = true,
            Quantity = open.Asks == AskedFor.Unit && answer.Stretch.Number is null
                ? open.Quantity ?? answer.Quantity
                : answer.Quantity,
            Unit = answer.Unit ?? open.Unit, Words = Said(open, answer), AskedAs = open.AskedAs,
            Why = $"\"{answer.Words}\" answers {open.Asks.Text()} of {product.Sku}",
        };
    }

    private static string Said(OpenLine open, LineEntry answer) => open.Words.Length == 0
        || answer.Words.Contains(open.Words, StringComparison.OrdinalIgnoreCase)
        ? answer.Words
        : $"{open.Words}, {answer.Words}";

    // The answer's number counts things; "the 5 kg one" only says which.
    private static bool Counts(LineEntry answer) => answer.Stretch.Number is { Measure: null };

    private static decimal? QuantityOf(LineEntry answer, decimal? before) =>
        (answer.NoName && before is not null) || !Counts(answer) ? null : answer.Quantity;

    // One of the candidates, by what the answer adds: a word, a colour, a size.
    private Product? Chosen(LineEntry answer, IReadOnlyList<Product> candidates)
    {
        var stretch = answer.Stretch;
        var words = stretch.Names.Concat(stretch.Maybe)
            .Where(n => context.Vocabulary.Like(n.Text, n.ValueOf(PhraseKind.Adjective)).Count > 0).ToList();
        if (words.Count == 0 && stretch.Names.Count > 0) return null;
        return Only(candidates, words, stretch.Numbers) ?? Only(candidates, words, stretch.Sizes);
    }

    // The one candidate that has all of these words and sizes.
    private Product? Only(IReadOnlyList<Product> candidates, List<Token> words, IReadOnlyList<Token> sizes)
    {
        if (words.Count == 0 && sizes.Count == 0) return null;
        var meaning = Matcher.Find(context.Vocabulary, words, [], sizes, []);
        if (meaning.SizesMissed > 0) return null;
        var fit = meaning.Matches.Where(
            m => candidates.Contains(m.Product) && m.Explained == words.Count && m.Sizes == sizes.Count).ToList();
        if (fit.Count == 0) return null;
        var top = fit.Max(m => m.Tier);
        return fit.Where(m => m.Tier == top || words.Count == 0).ToList() is [var one] ? one.Product : null;
    }
}
