using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// Answers that name nothing themselves: "yes" to the one product that was proposed, "1", "the first one", "the small
/// one" of several. A name or a size that says which is read by <see cref="Answers"/>.
/// </summary>
internal sealed class Choices(Context context)
{
    private const int MostWords = 6;

    private readonly OpenLine? _open = context.Basket.ToAsk;

    private IReadOnlyList<Product> Candidates { get; } =
        context.Basket.ToAsk is { Asks: AskedFor.Product } open
            ? [.. open.Candidates.Select(context.Find).OfType<Product>()]
            : [];

    /// <summary>The customer was asked whether this one product is meant; a plain yes takes it.</summary>
    public Product? Proposed => Candidates is [var only] ? only : null;

    /// <summary>The order line that this answer completes; null where the message is no such answer.</summary>
    /// <param name="quoted">What the message answers to: "this one".</param>
    public ReadLine? Read(MessageText text, IReadOnlyList<Stretch> stretches, IReadOnlyList<Stretch> quoted,
        Decision decision)
    {
        if (_open is null || Candidates.Count == 0 || text.Tokens.Count(t => !t.IsMark(".,!")) > MostWords) return null;
        if (decision.Purpose == Purpose.Confirm) return Proposed is { } only ? Taken(only, text, []) : null;
        if (decision.Muted is null || decision.Purpose is not (Purpose.Order or Purpose.Other)
            || NamesSomething(text, stretches)
            || text.Has(PhraseKind.Not, PhraseKind.Decline, PhraseKind.Question)) return null;
        return (Chosen(text) ?? Quoted(text, quoted)) is { } chosen ? Taken(chosen, text, stretches) : null;
    }

    /// <summary>"No" to what was proposed: the shop has nothing else of that name.</summary>
    public ReadLine? Refused(MessageText text, Decision decision) =>
        decision.Purpose == Purpose.Decline && _open is not null && Proposed is not null
            ? new ReadLine(LineOp.Add, null, null, null, _open.Words, text.MessageId, [], AskedFor.Unknown,
                "no to the product that was proposed")
            : null;

    private Product? Chosen(MessageText text)
    {
        if (Candidates.Count == 1)
            return text.Has(PhraseKind.Confirm, PhraseKind.Ordinal) || IsOnly(text, PhraseKind.Pronoun)
                ? Candidates[0]
                : null;
        if (text.Of(PhraseKind.Ordinal).FirstOrDefault() is { } ordinal) return At((int)Lexer.Number(ordinal.Value));
        return ByNumber(text) ?? BySize(text);
    }

    private Product? Quoted(MessageText text, IReadOnlyList<Stretch> quoted) =>
        quoted.Select(q => q.Product).Distinct().ToList() is [{ } one] && Candidates.Contains(one)
            && (IsOnly(text, PhraseKind.Pronoun) || text.Tokens.All(t => t.Kind == TokenKind.Mark || t.IsNumber))
            ? one
            : null;

    // "1": the first, unless a candidate has the number in its name.
    private Product? ByNumber(MessageText text)
    {
        var words = text.Tokens.Where(t => t.IsNumber || (t.IsWord && !t.Is(PhraseKind.Filler))).ToList();
        if (words is not [{ IsNumber: true, Measure: null, Noise: false, Article: false } number]
            || number.Value != decimal.Truncate(number.Value) || number.Value < 1) return null;
        var isSize = Candidates.Any(
            p => ProductNames.Of(p).Forms.Any(f => f.Words.Any(w => w.Number == number.Value)));
        return isSize ? null : At((int)Math.Min(number.Value, int.MaxValue));
    }

    // "the small one": the least or the most of candidates whose sizes can be compared.
    private Product? BySize(MessageText text)
    {
        var size = text.Tokens.Select(t => t.ValueOf(PhraseKind.Adjective)).FirstOrDefault(a => a is "small" or "big");
        if (size is null || Candidates.Any(
            p => ProductNames.Of(p).Forms.Any(f => f.Words.Any(w => w.Same == size)))) return null;
        var sizes = Candidates.Select(SizeOf).ToList();
        if (sizes.Any(s => s is null) || sizes.Distinct().Count() < sizes.Count) return null;
        return Candidates[sizes.IndexOf(size == "small" ? sizes.Min() : sizes.Max())];
    }

    // In the measure of the first candidate.
    private decimal? SizeOf(Product product) =>
        Measured(Candidates[0]) is { } like && Measured(product) is { } own
            && Measures.In(own.Measure!, like.Measure!) is { } factor
            ? own.Number * factor
            : null;

    private static NameWord? Measured(Product product) =>
        ProductNames.Of(product).Forms[0].Words.Where(w => w is { Number: > 0, Measure: not null }).ToList()
            is [var one] ? one : null;

    private Product? At(int place) =>
        place == 0 ? Candidates[^1] : place <= Candidates.Count ? Candidates[place - 1] : null;

    private static bool IsOnly(MessageText text, PhraseKind kind) =>
        text.Has(kind) && text.Tokens.All(
            t => t.Kind == TokenKind.Mark || t.Is(kind) || t.Phrases.Contains(kind) || t.Is(PhraseKind.Filler)
                || t.IsNumber || t.Unit is not null);

    // A name says which; then it is no place in a list.
    private static bool NamesSomething(MessageText text, IReadOnlyList<Stretch> stretches) =>
        stretches.Any(s => s.Meaning.Candidates.Count > 0 && s.Names.Any(
            n => !n.Phrases.Contains(PhraseKind.Ordinal) && n.ValueOf(PhraseKind.Adjective) is null))
        || text.Has(PhraseKind.Cancel, PhraseKind.Remove, PhraseKind.Swap);

    private ReadLine Taken(Product product, MessageText text, IReadOnlyList<Stretch> stretches)
    {
        var counted = Candidates.Count == 1 || text.Has(PhraseKind.Ordinal) || BySize(text) is not null
            ? stretches.FirstOrDefault(s => s is { Quantity: not null, Number.Article: false })
            : null;
        var (quantity, unit) = (counted?.Quantity ?? _open!.Quantity, counted?.Unit ?? _open!.Unit);
        var units = quantity is { } number ? Units.Of(product, number, unit) : null;
        if (units is { } all && product.BaseQuantity(all.Quantity, all.Unit) is null) (quantity, units) = (null, null);
        var asks = quantity is null ? AskedFor.Quantity : units is null ? AskedFor.Unit : (AskedFor?)null;
        var op = context.Line(product.Sku) is null ? LineOp.Add : LineOp.Set;
        return new ReadLine(op, product, units?.Quantity ?? quantity, units?.Unit ?? unit, _open!.Words, text.MessageId,
            [], asks, $"\"{text.Written}\" answers which \"{_open.Words}\": {product.Sku}") { AskedAs = _open.Words };
    }
}
