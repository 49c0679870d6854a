using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>A name that was left out comes from the stretch before, or the one after: "100 wali 4".</summary>
internal static class LeftOutNames
{
    // "100 wali 4", "de 24", "the big one", "red and blue pens": the name comes from the line before, else from the one
    // after; or from what was told before them: "the wires I use are the 1.5 ones; send 3 black".
    public static void Complete(Cutter cutter, List<Stretch> stretches, IReadOnlyList<Stretch> told)
    {
        var carried =
            told.LastOrDefault(
                d => stretches.Count > 0 && d.Clause < stretches[0].Clause
                    && d.Meaning is { IsClear: false, Candidates.Count: > 1, Unexplained: 0 }) is { } topic
            ? [.. Head(topic), .. topic.Sizes] : new List<Token>();
        for (var i = 0; i < stretches.Count; i++)
        {
            if (TakeVariants(cutter, stretches, i) is > 0 and var taken)
            {
                stretches.RemoveAt(i);
                i += taken - 1;
                continue;
            }

            // "6 of each" counts what stands before it.
            if (stretches[i] is { Each: true, Names.Count: 0, Numbers.Count: 1 }) continue;
            // "a box of screws 4x40 and two of 5x60": only the size is said again.
            if (i > 0 && stretches[i].Names.Count > 0 && stretches[i].Names.All(n => n.Text.Any(char.IsAsciiDigit))
                && Head(stretches[i - 1])
                .Any(h => !h.Text.Any(char.IsAsciiDigit))) stretches[i].Elliptic = true;
            if (!LacksName(stretches[i])) continue;
            var before = i > 0 ? Head(stretches[i - 1]) : [];
            if (before.Count == 0) before = carried;
            if (before.Count > 0 && cutter.ReadWith(stretches[i], before) is var again && Fits(again))
            {
                (stretches[i], carried) = (again, before);
                // "thread - white 10, black 6": the heading is no line of its own.
                if (i > 0 && stretches[i - 1] is { Quantity: null, Op: LineOp.Plain, Meaning.IsClear: false }
                    && again.Quantity is not null) stretches.RemoveAt(--i);
            }
            else if (i + 1 < stretches.Count && Head(stretches[i + 1]) is { Count: > 0 } after
                && cutter.ReadWith(stretches[i], after) is var forward && Fits(forward))
            {
                forward.Elliptic = false;
                stretches[i] = forward;
            }
        }
    }

    // "both covers, 13 and 15, 1 pkt each": sizes alone that each make one thing of the kind just named; the kind is no
    // line.
    private static int TakeVariants(Cutter cutter, List<Stretch> stretches, int at)
    {
        var kind = stretches[at];
        if (kind.Meaning.IsClear || kind.Meaning.Unexplained > 0 || kind.Meaning.Candidates.Count < 2
            || Head(kind) is not { Count: > 0 } head) return 0;
        var variants = new List<Stretch>();
        for (var i = at + 1; i < stretches.Count
            && stretches[i] is { Names.Count: 0, Numbers: [{ Spelled: false } size, ..] } bare; i++)
        {
            if (bare.Maybe.Any(m => m.Unit is null)
                || (bare.Numbers.Count == 1 && bare.Unit is not null && size.Measure is null)) break;
            var variant = bare.Numbers.Count == 1 ? cutter.ReadAsSize(bare, head) : cutter.ReadWith(bare, head);
            if (variant.Meaning is not { IsClear: true, SizesMissed: 0, Sizes: 1 }
                || !kind.Meaning.Matches.Any(m => m.Product == variant.Product)) break;
            variants.Add(variant);
        }

        if (variants.Count < 2 || (kind.Quantity is { } count && count != variants.Count)) return 0;
        for (var i = 0; i < variants.Count; i++) stretches[at + 1 + i] = variants[i];
        return variants.Count;
    }

    private static bool Fits(Stretch stretch) => stretch.Meaning is { Unexplained: 0, SizesMissed: 0,
        Candidates.Count: > 0 }
        && stretch.Meaning.Matches.Any(m => m.Context > 0);

    private static bool LacksName(Stretch stretch)
    {
        var adjectives = stretch.Names.Count > 0 && stretch.Names.All(n => n.Is(PhraseKind.Adjective));
        var sizeOnly = stretch.Names.Count == 0
            && !(stretch.Maybe.Count > 0 && stretch.Meaning is { IsClear: true, Tier: >= 3 })
                && stretch.Numbers.Count > 0
            && (stretch.Numbers.Count >= 2 || stretch.Quantity is null
                || stretch.Tokens.Any(t => t.Is(PhraseKind.SizeNoun) || t.Is(PhraseKind.Of))
            || stretch.Number is { Measure: not null });
        var withUnit = stretch.Names.Count > 0 && !stretch.Meaning.IsClear && stretch.Meaning.Unexplained == 0
            && stretch.Tokens.Any(t => t.Is(PhraseKind.Of) || t.Is(PhraseKind.SizeNoun)) && stretch.Sizes.Count > 0;
        // "2 lemon and 3 rose soap": a word that only says which one.
        var modifier = stretch.Names.Count > 0 && stretch.Meaning is { IsClear: false, Unexplained: 0, Tier: 2 }
            && stretch.Meaning.Matches.Where(m => m.Tier == 2).All(m => !m.Head);
        return modifier || (adjectives && !stretch.Meaning.IsClear) || sizeOnly || withUnit
            || (stretch.Names.Count > 0 && stretch.Numbers.Count > 0 && !stretch.Meaning.IsClear
                && stretch.Meaning.Sizes > 0);
    }

    // The words that carry over: neither sizes nor colours.
    public static List<Token> Head(Stretch stretch)
    {
        var words = stretch.Names.Concat(stretch.Maybe.Where(m => m.Unit is null)).Where(n =>
            !n.Is(PhraseKind.Adjective))
            .ToList();
        var plain = words.Where(n => !n.Text.Any(char.IsAsciiDigit)).ToList();
        return plain.Count > 0 ? plain : words;
    }
}
