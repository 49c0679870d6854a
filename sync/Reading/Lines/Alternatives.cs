using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// "2 red or blue pens", "2 tea or 3 coffee": the customer leaves it open, so it is asked; neither is dropped.
/// </summary>
internal static class Alternatives
{
    public static void Join(Cutter cutter, List<Stretch> stretches)
    {
        for (var i = 0; i < stretches.Count; i++)
        {
            if (i + 1 < stretches.Count
                && (stretches[i].Tokens[^1].Is(PhraseKind.Or) || stretches[i + 1].Tokens[0].Is(PhraseKind.Or))
                && !stretches[i + 1].Fallback
                && stretches[i].Meaning.Candidates.Count > 0 && stretches[i + 1].Meaning.Candidates.Count > 0)
            {
                var other = stretches[i + 1];
                Offer(stretches[i], Choices(stretches[i]), Choices(other));
                stretches[i].Names.AddRange(other.Names);
                if (other.Quantity is not null && other.Quantity != stretches[i].Quantity)
                    (stretches[i].Quantity, stretches[i].Unit, stretches[i].Number) = (null,
                    null, null);
                stretches.RemoveAt(i + 1);
            }
            else if (Place(stretches[i]) is > 0 and var at && !stretches[i].Meaning.IsClear) Within(cutter,
                stretches[i], at);
        }
    }

    private static int Place(Stretch stretch)
    {
        for (var i = stretch.Tokens.Count - 2; i > 0; i--)
            if (stretch.Tokens[i].IsWord && stretch.Tokens[i].Is(PhraseKind.Or)) return i;
        return -1;
    }

    // "red or blue pens", "canetas azuis ou vermelhas": the side that only says which one takes the name from the
    // other.
    private static void Within(Cutter cutter, Stretch stretch, int at)
    {
        var left = cutter.ReadPart([.. stretch.Tokens.Take(at)], []);
        var right = cutter.ReadPart([.. stretch.Tokens.Skip(at + 1)], []);
        if (left.Names.Count + left.Maybe.Count == 0 || right.Names.Count + right.Maybe.Count == 0) return;
        var (before, after) = (left, right);
        if (!left.Meaning.IsClear) before = Closer(left, cutter.ReadPart(left.Tokens, LeftOutNames.Head(right)));
        if (!right.Meaning.IsClear) after = Closer(right, cutter.ReadPart(right.Tokens, LeftOutNames.Head(left)));
        var (first, second) = (Choices(before), Choices(after));
        if (first.Count + second.Count == 0) return;
        (stretch.Quantity, stretch.Unit, stretch.Number) = left.Quantity is not null ? (left.Quantity, left.Unit,
            left.Number)
            : (right.Quantity, right.Unit, right.Number);
        Offer(stretch, first, second);
    }

    private static Stretch Closer(Stretch alone, Stretch together) =>
        together.Meaning is { Unexplained: 0, Candidates.Count: > 0 }
            && (alone.Meaning.Candidates.Count == 0 || alone.Meaning.Unexplained > 0
            || together.Meaning.Candidates.Count < alone.Meaning.Candidates.Count) ? together : alone;

    private static IReadOnlyList<Product> Choices(Stretch stretch) =>
        stretch.Product is { } one ? [one] : stretch.Meaning.Unexplained == 0 ? stretch.Meaning.Candidates : [];

    private static void Offer(Stretch stretch, IReadOnlyList<Product> first, IReadOnlyList<Product> second)
    {
        var all = first.Take(3).Concat(second).Distinct().Take(5).ToList();
        if (all.Count > 0)
            stretch.Meaning = stretch.Meaning with { Product = null, Candidates = all, Unexplained = 0,
                SizesMissed = 0 };
    }
}
