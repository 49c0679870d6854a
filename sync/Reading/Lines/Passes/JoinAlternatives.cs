using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>"2 red or blue pens" and "2 tea or 3 coffee" leave it open: it is asked, and neither is dropped.</summary>
internal static class JoinAlternatives
{
    public static IReadOnlyList<Stretch> Apply(Surroundings around, IReadOnlyList<Stretch> stretches)
    {
        var joined = new List<Stretch>();
        for (var i = 0; i < stretches.Count; i++)
            if (i + 1 < stretches.Count && AreAlternatives(stretches[i], stretches[i + 1]))
                joined.Add(Join(stretches[i], stretches[++i]));
            else joined.Add(Within(around.Cutter, stretches[i]));
        return joined;
    }

    private static bool AreAlternatives(Stretch one, Stretch other) =>
        (one.Tokens[^1].Is(PhraseKind.Or) || other.Tokens[0].Is(PhraseKind.Or)) && !other.Fallback
            && one.Meaning.Candidates.Count > 0 && other.Meaning.Candidates.Count > 0;

    private static Stretch Join(Stretch one, Stretch other)
    {
        var joined = Offer(one, Choices(one), Choices(other)) with { Names = [.. one.Names, .. other.Names] };
        return other.Quantity is not null && other.Quantity != one.Quantity
            ? joined with { Quantity = null, Unit = null, Number = null }
            : joined;
    }

    // "red or blue pens", "canetas azuis ou vermelhas": the side that only says which one takes the name from the
    // other.
    private static Stretch Within(Cutter cutter, Stretch stretch)
    {
        if (stretch.Meaning.IsClear || Place(stretch) is not (> 0 and var at)) return stretch;
        var left = cutter.ReadPart([.. stretch.Tokens.Take(at)], []);
        var right = cutter.ReadPart([.. stretch.Tokens.Skip(at + 1)], []);
        if (left.Names.Count + left.Maybe.Count == 0 || right.Names.Count + right.Maybe.Count == 0) return stretch;
        var (first, second) = (Choices(Closer(cutter, left, right)), Choices(Closer(cutter, right, left)));
        if (first.Count + second.Count == 0) return stretch;
        var counted = left.Quantity is not null ? left : right;
        return Offer(stretch, first, second) with { Quantity = counted.Quantity, Unit = counted.Unit,
            Number = counted.Number };
    }

    // Where the "or" stands, if something is on both its sides.
    private static int Place(Stretch stretch)
    {
        for (var i = stretch.Tokens.Count - 2; i > 0; i--)
            if (stretch.Tokens[i].IsWord && stretch.Tokens[i].Is(PhraseKind.Or)) return i;
        return -1;
    }

    // One side, with the name of the other where that makes fewer choices of it.
    private static Stretch Closer(Cutter cutter, Stretch alone, Stretch other)
    {
        if (alone.Meaning.IsClear) return alone;
        var together = cutter.ReadPart(alone.Tokens, other.Head());
        return together.Meaning is { Unexplained: 0, Candidates.Count: > 0 }
            && (alone.Meaning.Candidates.Count == 0 || alone.Meaning.Unexplained > 0
                || together.Meaning.Candidates.Count < alone.Meaning.Candidates.Count) ? together : alone;
    }

    private static IReadOnlyList<Product> Choices(Stretch stretch) =>
        stretch.Product is { } one ? [one] : stretch.Meaning.Unexplained == 0 ? stretch.Meaning.Candidates : [];

    private static Stretch Offer(Stretch stretch, IReadOnlyList<Product> first, IReadOnlyList<Product> second)
    {
        var all = first.Take(3).Concat(second).Distinct().Take(5).ToList();
        return all.Count == 0 ? stretch : stretch with { Meaning = stretch.Meaning with { Product = null,
            Candidates = all, Unexplained = 0, SizesMissed = 0 } };
    }
}
