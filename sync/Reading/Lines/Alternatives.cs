using Sak.Sync.Model;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// "2 red or blue pens", "2 tea or 3 coffee": the customer leaves it open, so it is asked; neither is dropped.
/// </summary>
internal static class Alternatives
{
    public static void Join(Drafter drafter, List<Draft> drafts)
    {
        for (var i = 0; i < drafts.Count; i++)
        {
            if (i + 1 < drafts.Count
                && (drafts[i].Tokens[^1].Is(PhraseKind.Or) || drafts[i + 1].Tokens[0].Is(PhraseKind.Or))
                && !drafts[i + 1].Fallback
                && drafts[i].Meaning.Candidates.Count > 0 && drafts[i + 1].Meaning.Candidates.Count > 0)
            {
                var other = drafts[i + 1];
                Offer(drafts[i], Choices(drafts[i]), Choices(other));
                drafts[i].Names.AddRange(other.Names);
                if (other.Quantity is not null && other.Quantity != drafts[i].Quantity)
                    (drafts[i].Quantity, drafts[i].Unit, drafts[i].Number) = (null,
                    null, null);
                drafts.RemoveAt(i + 1);
            }
            else if (Place(drafts[i]) is > 0 and var at && !drafts[i].Meaning.IsClear) Within(drafter, drafts[i], at);
        }
    }

    private static int Place(Draft draft)
    {
        for (var i = draft.Tokens.Count - 2; i > 0; i--)
            if (draft.Tokens[i].IsWord && draft.Tokens[i].Is(PhraseKind.Or)) return i;
        return -1;
    }

    // "red or blue pens", "canetas azuis ou vermelhas": the side that only says which one takes the name from the
    // other.
    private static void Within(Drafter drafter, Draft draft, int at)
    {
        var left = drafter.ReadPart([.. draft.Tokens.Take(at)], []);
        var right = drafter.ReadPart([.. draft.Tokens.Skip(at + 1)], []);
        if (left.Names.Count + left.Maybe.Count == 0 || right.Names.Count + right.Maybe.Count == 0) return;
        var (before, after) = (left, right);
        if (!left.Meaning.IsClear) before = Closer(left, drafter.ReadPart(left.Tokens, Neighbours.Head(right)));
        if (!right.Meaning.IsClear) after = Closer(right, drafter.ReadPart(right.Tokens, Neighbours.Head(left)));
        var (first, second) = (Choices(before), Choices(after));
        if (first.Count + second.Count == 0) return;
        (draft.Quantity, draft.Unit, draft.Number) = left.Quantity is not null ? (left.Quantity, left.Unit, left.Number)
            : (right.Quantity, right.Unit, right.Number);
        Offer(draft, first, second);
    }

    private static Draft Closer(Draft alone, Draft together) =>
        together.Meaning is { Unexplained: 0, Candidates.Count: > 0 }
            && (alone.Meaning.Candidates.Count == 0 || alone.Meaning.Unexplained > 0
            || together.Meaning.Candidates.Count < alone.Meaning.Candidates.Count) ? together : alone;

    private static IReadOnlyList<Product> Choices(Draft draft) =>
        draft.Product is { } one ? [one] : draft.Meaning.Unexplained == 0 ? draft.Meaning.Candidates : [];

    private static void Offer(Draft draft, IReadOnlyList<Product> first, IReadOnlyList<Product> second)
    {
        var all = first.Take(3).Concat(second).Distinct().Take(5).ToList();
        if (all.Count > 0)
            draft.Meaning = draft.Meaning with { Product = null, Candidates = all, Unexplained = 0, SizesMissed = 0 };
    }
}
