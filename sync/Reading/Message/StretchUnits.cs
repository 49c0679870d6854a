using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>
/// The quantity and the unit of a stretch: the number's own measure, the unit beside it, or a unit that stands for one.
/// </summary>
internal static class StretchUnits
{
    public static void Take(Stretch stretch, Vocabulary vocabulary)
    {
        var tokens = stretch.Tokens;
        stretch.Quantity = stretch.Number?.Value;
        if (stretch.Number is { Measure: { } measure })
        {
            stretch.Unit = measure;
            return;
        }

        Token? unit = null;
        if (stretch.Number is not null)
        {
            var at = StretchScore.Index(tokens, stretch.Number);
            unit = UnitAt(stretch, vocabulary, at + 1)
                ?? (at + 1 < tokens.Count && tokens[at + 1].Is(PhraseKind.Of)
                    ? UnitAt(stretch, vocabulary, at + 2)
                    : null)
                ?? UnitAt(stretch, vocabulary, at - 1);
            unit ??= stretch.Units.Count == 1 && (!stretch.Maybe.Contains(stretch.Units[0]) || stretch.Meaning.Tier < 4)
                ? stretch.Units[0]
                : null;
        }
        else if (stretch.Units.Count > 0 && stretch.Sizes.Count <= stretch.Meaning.Sizes
            && !(stretch.Maybe.Contains(stretch.Units[0]) && stretch.Meaning.Tier >= 3))
        {
            // A unit without a number is one: "كرتون", "a box of".
            unit = stretch.Units[0];
            var at = StretchScore.Index(tokens, unit);
            var counted = IsNone(tokens.ElementAtOrDefault(at - 1)) || IsNone(tokens.ElementAtOrDefault(at + 1));
            if (!stretch.All && !counted) stretch.Quantity = 1;
        }

        stretch.Unit = unit?.Unit;
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
