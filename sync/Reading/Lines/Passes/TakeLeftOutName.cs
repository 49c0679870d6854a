using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>
/// "100 wali 4", "de 24", "the big one", "red and blue pens": the name comes from the stretch before, else from the one
/// after; or from what was said before them: "the wires I use are the 1.5 ones; send 3 black".
/// </summary>
internal sealed class TakeLeftOutName
{
    private readonly Cutter _cutter;
    private readonly List<Stretch> _stretches;
    private readonly IReadOnlyList<Token> _family;
    private List<Token> _carried;

    private TakeLeftOutName(Surroundings around, IReadOnlyList<Stretch> stretches) =>
        (_cutter, _stretches, _carried, _family) = (around.Cutter, [.. stretches], Topic(around.Muted, stretches),
            around.Context.Family);

    public static IReadOnlyList<Stretch> Apply(Surroundings around, IReadOnlyList<Stretch> stretches)
    {
        var pass = new TakeLeftOutName(around, stretches);
        for (var i = 0; i < pass._stretches.Count; i++) i = pass.Complete(i);
        return pass._stretches;
    }

    // The words of the last kind that was only talked of before the first stretch.
    private static List<Token> Topic(IReadOnlyList<Stretch> muted, IReadOnlyList<Stretch> stretches) =>
        stretches.Count > 0
            && muted.LastOrDefault(d => d.Clause < stretches[0].Clause
                && d.Meaning is { IsClear: false, Candidates.Count: > 1, Unexplained: 0 }) is { } topic
            ? [.. topic.Head(), .. topic.Sizes]
            : [];

    // Gives the place of the stretch that is complete now; before it a heading may have gone.
    private int Complete(int at)
    {
        if (Variants(at) is { Count: > 0 } variants)
        {
            _stretches.RemoveRange(at, variants.Count + 1);
            _stretches.InsertRange(at, variants);
            return at + variants.Count - 1;
        }

        if (ChoosesBefore(at)) return at - 1;
        // "6 of each" counts what stands before it.
        if (_stretches[at] is { Each: true, Names.Count: 0, Numbers.Count: 1 }) return at;
        if (SaysOnlySizeAgain(at)) _stretches[at] = _stretches[at] with { Elliptic = true };
        return LacksName(_stretches[at])
            || (MaySibling(at) && (IsSibling(at) || IsSibling(at, NamedAfter(at))))
            ? TakeFromBefore(at) ?? TakeFromAfter(at)
            : at;
    }

    // "two lattes, large": the size that was left open is said behind.
    private bool ChoosesBefore(int at)
    {
        if (at == 0 || _stretches[at] is not { Quantity: null, Names.Count: > 0, Numbers.Count: 0 } size
            || !size.Names.All(n => n.Is(PhraseKind.Adjective))
            || _stretches[at - 1] is not { Meaning: { IsClear: false, Unexplained: 0, Candidates.Count: > 1 } } open
            || _cutter.ReadPart([.. open.Tokens, .. size.Tokens], []) is not
                { Meaning: { IsClear: true, Unexplained: 0, SizesMissed: 0 } } chosen) return false;
        _stretches[at - 1] = chosen with { Clause = open.Clause, Op = open.Op, Factor = open.Factor };
        _stretches.RemoveAt(at);
        return true;
    }

    // "two vanilla shakes and one chocolate": of all that it may be, one is of the family just named.
    private bool IsSibling(int at) => IsSibling(at, Named(at));

    private bool IsSibling(int at, Stretch? other) => MaySibling(at) && other?.Product is { } named
        && _stretches[at].Meaning.Matches.Count(
            m => m.Explained == _stretches[at].Names.Count && Families.Same(m.Product, named)) == 1;

    private bool MaySibling(int at) => _stretches[at] is { Quantity: not null, Names.Count: > 0 and <= 3,
        Meaning: { IsClear: false, Unexplained: 0, Candidates.Count: > 1 } };

    // The last one before it that is clear.
    private Stretch? Named(int at) => _stretches.Take(at).LastOrDefault(s => s.Meaning.IsClear && s.HasName);

    // "2 hazelnut, 2 caramel and 1 vanilla syrup": the first one behind it that is clear.
    private Stretch? NamedAfter(int at) => _stretches.Skip(at + 1)
        .FirstOrDefault(s => s.Meaning.IsClear && s.Clause - _stretches[at].Clause <= 3
            && s.Meaning.Matches.Any(m => m.Product == s.Product && m.Head));

    private int? TakeFromBefore(int at)
    {
        var before = at > 0 ? _stretches[at - 1].Head() : [];
        if (before.Count == 0) before = _carried;
        if (IsSibling(at) && Named(at)!.Head() is { Count: > 0 } named) before = named;
        if (before.Count == 0) return TakeFromFamily(at);
        if (_cutter.ReadWith(_stretches[at], before) is var again && !Fits(again)) return null;
        (_stretches[at], _carried) = (again, before);
        // "thread - white 10, black 6": the heading is no line of its own.
        if (at == 0 || again.Quantity is null
            || _stretches[at - 1] is not { Quantity: null, Op: LineOp.Plain, Meaning.IsClear: false }) return at;
        _stretches.RemoveAt(at - 1);
        return at - 1;
    }

    // "4x 60w 2x 100w" where bulbs were ordered last: only a size that the family has.
    private int? TakeFromFamily(int at)
    {
        if (_family.Count == 0 || _stretches[at].Names.Any(n => !n.Is(PhraseKind.Adjective))
            || _cutter.ReadWith(_stretches[at], _family) is not { Meaning: { IsClear: true, Sizes: > 0 } } again
            || !Fits(again)) return null;
        _stretches[at] = again;
        return at;
    }

    private int TakeFromAfter(int at)
    {
        var named = at + 1 < _stretches.Count && IsSibling(at, NamedAfter(at)) ? NamedAfter(at)!
            : _stretches.ElementAtOrDefault(at + 1);
        if (named?.Head() is { Count: > 0 } after
            && _cutter.ReadWith(_stretches[at], after) is var again && Fits(again))
            _stretches[at] = again with { Elliptic = false };
        return at;
    }

    // "both covers, 13 and 15, 1 pkt each": sizes alone that each make one thing of the kind just named; the kind is no
    // line.
    private List<Stretch> Variants(int at)
    {
        var kind = _stretches[at];
        if (kind.Meaning.IsClear || kind.Meaning.Unexplained > 0 || kind.Meaning.Candidates.Count < 2
            || kind.Head() is not { Count: > 0 } head) return [];
        var variants = new List<Stretch>();
        for (var i = at + 1; i < _stretches.Count && Variant(_stretches[i], head) is { } variant; i++)
        {
            if (kind.Meaning.Matches.All(m => m.Product != variant.Product)) break;
            variants.Add(variant);
        }

        return variants.Count < 2 || (kind.Quantity is { } count && count != variants.Count) ? [] : variants;
    }

    private Stretch? Variant(Stretch bare, List<Token> head)
    {
        if (bare is not { Names.Count: 0, Numbers: [{ Spelled: false } size, ..] }
            || bare.Maybe.Any(m => m.Unit is null)
            || (bare.Numbers.Count == 1 && bare.Unit is not null && size.Measure is null)) return null;
        var variant = bare.Numbers.Count == 1 ? _cutter.ReadAsSize(bare, head) : _cutter.ReadWith(bare, head);
        return variant.Meaning is { IsClear: true, SizesMissed: 0, Sizes: 1 } ? variant : null;
    }

    // "a box of screws 4x40 and two of 5x60"
    private bool SaysOnlySizeAgain(int at) => at > 0 && _stretches[at].Names.Count > 0
        && (OnlyVaries(at) || OnlyDigits(at));

    // "8 oz cups 3 boxes, 12 oz 2": the second line leaves out the word "cups".
    private bool OnlyVaries(int at) => _stretches[at] is { Product: { } product, Sizes.Count: > 0 } varied
        && _stretches[at - 1].Product is { } named && named != product && Families.Same(named, product)
        && varied.Meaning.Matches.First(m => m.Product == product) is { Head: false };

    private bool OnlyDigits(int at) => _stretches[at].Names.All(HasDigit) && !_stretches[at - 1].Head().All(HasDigit);

    private static bool HasDigit(Token word) => word.Text.Any(char.IsAsciiDigit);

    private static bool Fits(Stretch stretch) => stretch.Meaning is { Unexplained: 0, SizesMissed: 0,
        Candidates.Count: > 0 }
        && stretch.Meaning.Matches.Any(m => m.Context > 0);

    private static bool LacksName(Stretch stretch) =>
        stretch.Names.Count == 0 ? IsSizeOnly(stretch) : !stretch.Meaning.IsClear && IsOneOfKind(stretch);

    private static bool IsSizeOnly(Stretch stretch) => stretch.Numbers.Count > 0
        && !(stretch.Maybe.Count > 0 && stretch.Meaning is { IsClear: true, Tier: >= 3 })
        && (stretch.Numbers.Count >= 2 || stretch.Quantity is null || SaysWhichOne(stretch)
            || stretch.Number is { Measure: not null });

    // Words and sizes that only say which one of a kind.
    private static bool IsOneOfKind(Stretch stretch) => IsModifier(stretch)
        || stretch.Names.All(n => n.Is(PhraseKind.Adjective))
        || (stretch.Meaning.Unexplained == 0 && SaysWhichOne(stretch) && stretch.Sizes.Count > 0)
        || (stretch.Numbers.Count > 0 && stretch.Meaning.Sizes > 0);

    private static bool SaysWhichOne(Stretch stretch) =>
        stretch.Tokens.Any(t => t.Is(PhraseKind.Of) || t.Is(PhraseKind.SizeNoun));

    // "2 lemon and 3 rose soap"
    private static bool IsModifier(Stretch stretch) => stretch.Meaning is { Unexplained: 0, Tier: 2 }
        && stretch.Meaning.Matches.Where(m => m.Tier == 2).All(m => !m.Head);
}
