using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// The quantity and the unit of a draft: the number's own measure, the unit beside it, or a unit that stands for one.
/// </summary>
internal static class DraftUnits
{
    public static void Take(Draft draft, Vocabulary vocabulary)
    {
        var tokens = draft.Tokens;
        draft.Quantity = draft.Number?.Value;
        if (draft.Number is { Measure: { } measure })
        {
            draft.Unit = measure;
            return;
        }

        Token? unit = null;
        if (draft.Number is not null)
        {
            var at = DraftScore.Index(tokens, draft.Number);
            unit = UnitAt(draft, vocabulary, at + 1)
                ?? (at + 1 < tokens.Count && tokens[at + 1].Is(PhraseKind.Of)
                    ? UnitAt(draft, vocabulary, at + 2)
                    : null)
                ?? UnitAt(draft, vocabulary, at - 1);
            unit ??= draft.Units.Count == 1 && (!draft.Maybe.Contains(draft.Units[0]) || draft.Meaning.Tier < 4)
                ? draft.Units[0]
                : null;
        }
        else if (draft.Units.Count > 0 && draft.Sizes.Count <= draft.Meaning.Sizes
            && !(draft.Maybe.Contains(draft.Units[0]) && draft.Meaning.Tier >= 3))
        {
            // A unit without a number is one: "كرتون", "a box of".
            unit = draft.Units[0];
            var at = DraftScore.Index(tokens, unit);
            var counted = IsNone(tokens.ElementAtOrDefault(at - 1)) || IsNone(tokens.ElementAtOrDefault(at + 1));
            if (!draft.All && !counted) draft.Quantity = 1;
        }

        draft.Unit = unit?.Unit;
    }

    private static bool IsNone(Token? number) =>
        number is { IsNumber: true, Noise: true } or { IsNumber: true, Negated: true };

    // "10 fundas": where a unit's word is all the name there is, it is the name.
    private static Token? UnitAt(Draft draft, Vocabulary vocabulary, int at) =>
        at >= 0 && at < draft.Tokens.Count && draft.Tokens[at] is { Unit: not null } unit
        && !(draft.Meaning is { IsClear: true, Tier: >= 4 } && draft.Maybe.Contains(unit)
            && (draft.Names.Count == 0 || BeginsName(draft, vocabulary, at))) ? unit : null;

    // "3 caixa de som", "5 tube light": the unit's word is the beginning of the name.
    private static bool BeginsName(Draft draft, Vocabulary vocabulary, int at)
    {
        var of = draft.Tokens.ElementAtOrDefault(at + 1) is { IsWord: true } link && link.Is(PhraseKind.Of);
        return draft.Tokens.ElementAtOrDefault(of ? at + 2 : at + 1) is { IsWord: true } next
            && draft.Names.Contains(next)
            && vocabulary.Neighbours(draft.Tokens[at].Text, next.Text)
            && (!of || vocabulary.Joins(draft.Tokens[at].Text, next.Text));
    }
}
