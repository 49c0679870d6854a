using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>What a stretch of a message takes from the ones beside it: a verb, or a name that was left out.</summary>
internal static class Neighbours
{
    // Which verb belongs to which stretch: its own, else the one before ("remove oil and sugar"), else a Hindi verb at
    // the end.
    public static void GiveOps(MessageText text, List<Draft> drafts)
    {
        var all = text.Tokens;
        foreach (var draft in drafts)
        {
            var first = all.IndexOf(draft.Tokens[0]);
            var last = all.IndexOf(draft.Tokens[^1]);
            // "ponme 3 velas más": what is added may be said last.
            if (last + 1 < all.Count && all[last + 1].IsWord && (last + 2 >= all.Count || all[last + 2].EndsClause)
                && text.Phrases.Any(c => c.Kind == PhraseKind.Add && c.Start == last + 1)) last++;
            var phrases = text.Phrases.Where(c => c.End > first - (draft == drafts[0] ? 0 : 1) && c.Start <= last)
                .ToList();
            if (phrases.FirstOrDefault(c => c.Kind == PhraseKind.Factor) is { } times
                && (draft.Quantity is null || IsShare(draft, times))) (draft.Op, draft.Factor) = (LineOp.Multiply,
                Lexer.Number(times.Value));
            else if (draft.Quantity is not null && phrases.Any(c => c.Kind == PhraseKind.Remove && IsJustNo(text, c)))
                draft.Op = LineOp.Set;
            else if (phrases.Any(c => c.Kind is PhraseKind.Remove or PhraseKind.Unwanted or PhraseKind.Cancel)
                && !(draft.Names.Count == 0 && draft.Quantity is not null)) draft.Op = LineOp.Remove;
            else if (draft is { Quantity: not null, HasName: true }
                && phrases.Any(c => c is { Kind: PhraseKind.Negotiate, Nuance: Nuance.Less })) draft.Op = LineOp.Remove;
            else if (draft.Quantity is null && IsRefused(draft)) draft.Op = LineOp.Remove;
            else if (phrases.Any(c => c.Kind == PhraseKind.Add)) draft.Op = LineOp.Add;
            else if (phrases.Any(c => c.Kind == PhraseKind.Set) || draft.Tokens.Any(t => t.Negated))
                draft.Op = LineOp.Set;
            // "otra pizza", "another one": one more.
            if (draft is { Op: LineOp.Add, Quantity: null, HasName: true }
                && phrases.Any(c => c is { Kind: PhraseKind.Add, Nuance: Nuance.One })) draft.Quantity = 1;
            draft.Fallback =
                text.Phrases.Where(
                    c => c.Kind == PhraseKind.Fallback || (c.Kind == PhraseKind.Or && text.Has(PhraseKind.Conditional)))
                .Any(c => c.Start <= last && all.Take(c.Start).Any(t => t.IsNumber || !t.IsKnown)
                    && SameSentence(all, c.Start, first));
        }

        for (var i = 1; i < drafts.Count; i++)
        {
            // "glue stick 2 aur jod do": a verb alone speaks of the name before it.
            if (drafts[i] is { HasName: false, Quantity: null, Op: LineOp.Add or LineOp.Remove }
                && drafts[i - 1] is { Op: LineOp.Plain, HasName: true }
                && drafts[i].Clause == drafts[i - 1].Clause) drafts[i - 1].Op = drafts[i].Op;
            if (drafts[i] is { Op: LineOp.Plain, Quantity: null, HasName: true }
                && drafts[i - 1] is { Op: LineOp.Remove or LineOp.Multiply }
                && drafts[i].Clause == drafts[i - 1].Clause)
                (drafts[i].Op, drafts[i].Factor) = (drafts[i - 1].Op, drafts[i - 1].Factor);
        }

        for (var i = drafts.Count - 2; i >= 0; i--)
            if (drafts[i] is { Op: LineOp.Plain, Quantity: null, HasName: true } && drafts[i + 1].Op == LineOp.Remove
                && drafts[i].Clause == drafts[i + 1].Clause) drafts[i].Op = LineOp.Remove;
    }

    // "half the potash" is half of what was ordered.
    private static bool IsShare(Draft draft, FoundPhrase times) =>
        draft is { Unit: null, Number: { Spelled: true, Value: < 1 } share }
            && share.Value == Lexer.Number(times.Value);

    // "mirchi nahi", "cebolla no": the no stands last.
    private static bool IsRefused(Draft draft) =>
        draft.HasName && draft.Tokens.Count > 1 && draft.Meaning.Candidates.Count > 0
        && !draft.Tokens.Any(t => t.Negated) && draft.Tokens[^1].Phrases.Contains(PhraseKind.Decline)
        && !draft.Tokens[0].Phrases.Contains(PhraseKind.Decline) && draft.Tokens[^1].Phrases.Contains(PhraseKind.Not);

    // "no, make it 5 tea": a bare no before a quantity corrects it; "no tea" takes the tea out.
    private static bool IsJustNo(MessageText text, FoundPhrase phrase) =>
        text.Of(PhraseKind.Decline).Any(d => d.Start == phrase.Start && d.End == phrase.End);

    private static bool SameSentence(List<Token> tokens, int phrase, int draft)
    {
        for (var i = phrase; i < draft; i++)
            if (tokens[i].IsMark(".?!\n")) return false;
        return phrase <= draft || draft >= 0;
    }

    // "100 wali 4", "de 24", "the big one", "red and blue pens": the name comes from the line before, else from the one
    // after. / <param name="told">What was told before them: "the wires I use are the 1.5 ones; send 3 black".</param>
    public static void Complete(Drafter drafter, List<Draft> drafts, IReadOnlyList<Draft> told)
    {
        var carried =
            told.LastOrDefault(
                d => drafts.Count > 0 && d.Clause < drafts[0].Clause
                    && d.Meaning is { IsClear: false, Candidates.Count: > 1, Unexplained: 0 }) is { } topic
            ? [.. Head(topic), .. topic.Sizes] : new List<Token>();
        for (var i = 0; i < drafts.Count; i++)
        {
            if (TakeVariants(drafter, drafts, i) is > 0 and var taken)
            {
                drafts.RemoveAt(i);
                i += taken - 1;
                continue;
            }

            // "6 of each" counts what stands before it.
            if (drafts[i] is { Each: true, Names.Count: 0, Numbers.Count: 1 }) continue;
            // "a box of screws 4x40 and two of 5x60": only the size is said again.
            if (i > 0 && drafts[i].Names.Count > 0 && drafts[i].Names.All(n => n.Text.Any(char.IsAsciiDigit))
                && Head(drafts[i - 1])
                .Any(h => !h.Text.Any(char.IsAsciiDigit))) drafts[i].Elliptic = true;
            if (!LacksName(drafts[i])) continue;
            var before = i > 0 ? Head(drafts[i - 1]) : [];
            if (before.Count == 0) before = carried;
            if (before.Count > 0 && drafter.ReadWith(drafts[i], before) is var again && Fits(again))
            {
                (drafts[i], carried) = (again, before);
                // "thread - white 10, black 6": the heading is no line of its own.
                if (i > 0 && drafts[i - 1] is { Quantity: null, Op: LineOp.Plain, Meaning.IsClear: false }
                    && again.Quantity is not null) drafts.RemoveAt(--i);
            }
            else if (i + 1 < drafts.Count && Head(drafts[i + 1]) is { Count: > 0 } after
                && drafter.ReadWith(drafts[i], after) is var forward && Fits(forward))
            {
                forward.Elliptic = false;
                drafts[i] = forward;
            }
        }
    }

    // "both covers, 13 and 15, 1 pkt each": sizes alone that each make one thing of the kind just named; the kind is no
    // line.
    private static int TakeVariants(Drafter drafter, List<Draft> drafts, int at)
    {
        var kind = drafts[at];
        if (kind.Meaning.IsClear || kind.Meaning.Unexplained > 0 || kind.Meaning.Candidates.Count < 2
            || Head(kind) is not { Count: > 0 } head) return 0;
        var variants = new List<Draft>();
        for (var i = at + 1; i < drafts.Count
            && drafts[i] is { Names.Count: 0, Numbers: [{ Spelled: false } size, ..] } bare; i++)
        {
            if (bare.Maybe.Any(m => m.Unit is null)
                || (bare.Numbers.Count == 1 && bare.Unit is not null && size.Measure is null)) break;
            var variant = bare.Numbers.Count == 1 ? drafter.ReadAsSize(bare, head) : drafter.ReadWith(bare, head);
            if (variant.Meaning is not { IsClear: true, SizesMissed: 0, Sizes: 1 }
                || !kind.Meaning.Matches.Any(m => m.Product == variant.Product)) break;
            variants.Add(variant);
        }

        if (variants.Count < 2 || (kind.Quantity is { } count && count != variants.Count)) return 0;
        for (var i = 0; i < variants.Count; i++) drafts[at + 1 + i] = variants[i];
        return variants.Count;
    }

    private static bool Fits(Draft draft) => draft.Meaning is { Unexplained: 0, SizesMissed: 0, Candidates.Count: > 0 }
        && draft.Meaning.Matches.Any(m => m.Context > 0);

    private static bool LacksName(Draft draft)
    {
        var adjectives = draft.Names.Count > 0 && draft.Names.All(n => n.Is(PhraseKind.Adjective));
        var sizeOnly = draft.Names.Count == 0
            && !(draft.Maybe.Count > 0 && draft.Meaning is { IsClear: true, Tier: >= 3 }) && draft.Numbers.Count > 0
            && (draft.Numbers.Count >= 2 || draft.Quantity is null
                || draft.Tokens.Any(t => t.Is(PhraseKind.SizeNoun) || t.Is(PhraseKind.Of))
            || draft.Number is { Measure: not null });
        var withUnit = draft.Names.Count > 0 && !draft.Meaning.IsClear && draft.Meaning.Unexplained == 0
            && draft.Tokens.Any(t => t.Is(PhraseKind.Of) || t.Is(PhraseKind.SizeNoun)) && draft.Sizes.Count > 0;
        // "2 lemon and 3 rose soap": a word that only says which one.
        var modifier = draft.Names.Count > 0 && draft.Meaning is { IsClear: false, Unexplained: 0, Tier: 2 }
            && draft.Meaning.Matches.Where(m => m.Tier == 2).All(m => !m.Head);
        return modifier || (adjectives && !draft.Meaning.IsClear) || sizeOnly || withUnit
            || (draft.Names.Count > 0 && draft.Numbers.Count > 0 && !draft.Meaning.IsClear && draft.Meaning.Sizes > 0);
    }

    // The words that carry over: neither sizes nor colours.
    public static List<Token> Head(Draft draft)
    {
        var words = draft.Names.Concat(draft.Maybe.Where(m => m.Unit is null)).Where(n => !n.Is(PhraseKind.Adjective))
            .ToList();
        var plain = words.Where(n => !n.Text.Any(char.IsAsciiDigit)).ToList();
        return plain.Count > 0 ? plain : words;
    }
}
