using Sak.Sync.Reading.Message;

namespace Sak.Sync.Reading.Lines.Passes;

internal static class ShareVerb
{
    public static IReadOnlyList<Stretch> Apply(Surroundings around, IReadOnlyList<Stretch> stretches)
    {
        var shared = stretches.ToArray();
        for (var i = 1; i < shared.Length; i++)
        {
            if (shared[i].Clause != shared[i - 1].Clause) continue;
            shared[i - 1] = WithVerbBehind(shared[i - 1], shared[i]);
            shared[i] = WithVerbBefore(shared[i], shared[i - 1]);
        }

        for (var i = shared.Length - 2; i >= 0; i--) shared[i] = WithVerbAtEnd(shared[i], shared[i + 1]);
        return shared;
    }

    // "glue stick 2 aur jod do": a verb alone speaks of the name before it.
    private static Stretch WithVerbBehind(Stretch stretch, Stretch next) =>
        stretch is { Op: LineOp.Plain, HasName: true }
            && next is { HasName: false, Quantity: null, Op: LineOp.Add or LineOp.Remove }
            ? stretch with { Op = next.Op }
            : stretch;

    // "remove oil and sugar"
    private static Stretch WithVerbBefore(Stretch stretch, Stretch before) =>
        IsBareName(stretch) && before is { Op: LineOp.Remove or LineOp.Multiply }
            ? stretch with { Op = before.Op, Factor = before.Factor }
            : stretch;

    // "tel aur cheeni hatao": Hindi has its verb at the end.
    private static Stretch WithVerbAtEnd(Stretch stretch, Stretch next) =>
        IsBareName(stretch) && next.Op == LineOp.Remove && stretch.Clause == next.Clause
            ? stretch with { Op = LineOp.Remove }
            : stretch;

    private static bool IsBareName(Stretch stretch) =>
        stretch is { Op: LineOp.Plain, Quantity: null, HasName: true };
}
