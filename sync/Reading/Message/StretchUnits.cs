using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>
/// The quantity and the unit of a stretch: the number's own measure, the unit beside it, or a unit that stands for one.
/// </summary>
internal static class StretchUnits
{
    public static (decimal? Quantity, string? Unit) Of(Stretch stretch, Vocabulary vocabulary)
    {
        if (stretch.Number is { } number)
            return (number.Value, number.Measure ?? UnitOf(stretch, number, vocabulary)?.Unit);
        if (stretch.Units.Count == 0 || stretch.Sizes.Count > stretch.Meaning.Sizes
            || (stretch.Maybe.Contains(stretch.Units[0]) && stretch.Meaning.Tier >= 3)) return (null, null);
        // A unit without a number is one: "كرتون", "a box of".
        var unit = stretch.Units[0];
        return (stretch.All || IsCounted(stretch, unit) ? null : 1, unit.Unit);
    }

    private static Token? UnitOf(Stretch stretch, Token number, Vocabulary vocabulary)
    {
        var at = StretchScore.Index(stretch.Tokens, number);
        var of = at + 1 < stretch.Tokens.Count && stretch.Tokens[at + 1].Is(PhraseKind.Of);
        return UnitAt(stretch, vocabulary, at + 1) ?? (of ? UnitAt(stretch, vocabulary, at + 2) : null)
            ?? UnitAt(stretch, vocabulary, at - 1) ?? OnlyUnit(stretch);
    }

    private static Token? OnlyUnit(Stretch stretch) => stretch.Units is [var only]
        && (!stretch.Maybe.Contains(only) || stretch.Meaning.Tier < 4) ? only : null;

    private static bool IsCounted(Stretch stretch, Token unit)
    {
        var at = StretchScore.Index(stretch.Tokens, unit);
        return IsNone(stretch.Tokens.ElementAtOrDefault(at - 1)) || IsNone(stretch.Tokens.ElementAtOrDefault(at + 1));
    }

    private static bool IsNone(Token? number) =>
        number is { IsNumber: true, Noise: true } or { IsNumber: true, Negated: true };

    // "10 fundas": where a unit's word is all the name there is, it is the name.
    private static Token? UnitAt(Stretch stretch, Vocabulary vocabulary, int at) =>
        at >= 0 && at < stretch.Tokens.Count && stretch.Tokens[at] is { Unit: not null } unit
        && !(stretch.Meaning is { IsClear: true, Tier: >= 4 } && stretch.Maybe.Contains(unit)
            && (stretch.Names.Count == 0 || BeginsName(stretch, vocabulary, at))) ? unit : null;

    // "3 caixa de som", "5 tube light": the unit's word is the beginning of the name.
    private static bool BeginsName(Stretch stretch, Vocabulary vocabulary, int at)
    {
        var of = stretch.Tokens.ElementAtOrDefault(at + 1) is { IsWord: true } link && link.Is(PhraseKind.Of);
        return stretch.Tokens.ElementAtOrDefault(of ? at + 2 : at + 1) is { IsWord: true } next
            && stretch.Names.Contains(next)
            && vocabulary.Neighbours(stretch.Tokens[at].Text, next.Text)
            && (!of || vocabulary.Joins(stretch.Tokens[at].Text, next.Text));
    }
}
