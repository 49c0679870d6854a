using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>
/// "a burger without onions", "latte with two sugars": how the thing is wanted is no line, and takes nothing out; "a
/// burger with fries" is two.
/// </summary>
internal static class SetRemarksAside
{
    public static IReadOnlyList<Stretch> Apply(Surroundings around, IReadOnlyList<Stretch> stretches)
    {
        if (!around.Text.Has(PhraseKind.Remark) && !stretches.Any(IsHalf)) return stretches;
        var kept = new List<Stretch>();
        foreach (var stretch in Whole(around, stretches))
        {
            if (kept.LastOrDefault() is { } before && EndsInRemark(around.Text, before) && IsRemark(around, before)
                && stretch is { HasName: true, Meaning.IsClear: false } && before.Last + 1 == stretch.First) continue;
            var remark = PhraseIn(around.Text, stretch);
            if (remark is null) kept.Add(stretch);
            else if (remark.Start > stretch.First) kept.AddRange(Parts(around, stretch, remark.Start - stretch.First));
            else if (!IsOnlyRemark(around, stretch, kept.LastOrDefault())) kept.Add(stretch);
        }

        return kept;
    }

    // "with a | large coke", "a large | chocolate shake": a number and a size before the name that they belong to.
    private static List<Stretch> Whole(Surroundings around, IReadOnlyList<Stretch> stretches)
    {
        var whole = new List<Stretch>();
        foreach (var stretch in stretches)
        {
            if (whole.LastOrDefault() is { } before && before.Last + 1 == stretch.First
                && stretch is { Number: null, HasName: true, Names.Count: > 0 }
                && (IsHalf(before) || IsCutInName(around, before, stretch)))
                whole[^1] = around.Cutter.ReadPart([.. before.Tokens, .. stretch.Tokens], []) with
                {
                    Clause = before.Clause,
                };
            else whole.Add(stretch);
        }

        return whole;
    }

    // "a mushroom swiss | burger with fries"
    private static bool IsCutInName(Surroundings around, Stretch before, Stretch stretch) =>
        PhraseIn(around.Text, stretch) is { } remark && remark.Start > stretch.First
        && around.Cutter.ReadPart([.. before.Tokens, .. stretch.Tokens.Take(remark.Start - stretch.First)], [])
            is { Meaning: { IsClear: true, Unexplained: 0 } };

    private static bool IsHalf(Stretch stretch) =>
        stretch is { Number: { Measure: null }, Unit: null, Each: false, Meaning.IsClear: false }
        && stretch.Names.All(n => n.Is(PhraseKind.Adjective)) && stretch.Maybe.All(m => m.Phrases.Count > 0)
        && stretch.Tokens[^1] is var last && (last == stretch.Number || last.Is(PhraseKind.Adjective));

    private static FoundPhrase? PhraseIn(MessageText text, Stretch stretch) =>
        text.Of(PhraseKind.Remark).FirstOrDefault(p => p.Start >= stretch.First && p.Start < stretch.Last);

    // "a latte with | two sugars"
    private static bool EndsInRemark(MessageText text, Stretch stretch) =>
        stretch.Meaning.IsClear
        && text.Of(PhraseKind.Remark).Any(p => p.End == stretch.Last + 1 && p.Start > stretch.First);

    private static IEnumerable<Stretch> Parts(Surroundings around, Stretch stretch, int at)
    {
        var cutter = around.Cutter;
        var thing = cutter.ReadPart([.. stretch.Tokens.Take(at)], []) with
        {
            Clause = stretch.Clause, HasRemark = true,
        };
        if (stretch.Meaning is { IsClear: true, Unexplained: 0 } && !TakesOut(around.Text, stretch)) return [stretch];
        var rest = Rest(around, stretch, at);
        if (thing is not { HasName: true, Meaning: { Unexplained: 0, SizesMissed: 0, Candidates.Count: > 0 } })
            return rest.Meaning is { IsClear: true, Tier: >= 3 } && !TakesOut(around.Text, stretch)
                ? [thing, rest]
                : [stretch];
        if (rest is not { Meaning: { IsClear: true, Tier: >= 3 } } || AddsMore(around.Text, stretch, at))
            return IsRemark(around, stretch) ? [thing] : [stretch];
        if (!TakesOut(around.Text, stretch)) return [thing, rest];
        return rest.Quantity is not null || around.Context.IsAtHand(rest.Product!) ? [stretch] : [thing];
    }

    // "latte with two sugars": cut at its number, and no product of its own.
    private static bool IsOnlyRemark(Surroundings around, Stretch stretch, Stretch? before) =>
        before is { HasName: true, Meaning.Candidates.Count: > 0 } && before.Last + 1 == stretch.First
        && IsRemark(around, stretch)
        && Rest(around, stretch, 0) is not { Meaning: { IsClear: true, Unexplained: 0 } } and not { HasName: false };

    private static Stretch Rest(Surroundings around, Stretch stretch, int at)
    {
        var end = around.Text.Of(PhraseKind.Remark).Where(p => p.Start == stretch.First + at).Max(p => p.End);
        List<Token> tokens = [.. stretch.Tokens.Skip(end - stretch.First)];
        return tokens.Count == 0
            ? stretch with { Names = [], Meaning = Names.Meaning.Nothing }
            : around.Cutter.ReadPart(tokens, []) with { Clause = stretch.Clause };
    }

    private static bool TakesOut(MessageText text, Stretch stretch) =>
        text.Of(PhraseKind.Remove).Any(p => p.Start > stretch.First && p.Start <= stretch.Last);

    // "bolts with nuts" may want nuts that the shop has not; in a café it says how.
    private static bool IsRemark(Surroundings around, Stretch stretch) => TakesOut(around.Text, stretch)
        || around.Context.Request.QuantityMissing == QuantityMissing.One;

    // "with extra cheese", "no onions no cheese": one more remark.
    private static bool AddsMore(MessageText text, Stretch stretch, int at) => text.Of(PhraseKind.Remark)
        .Any(p => p.Start > stretch.First + at && p.Start < stretch.First + at + 3 && p.Start <= stretch.Last);
}
