using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>
/// "school shirts 28 30 32, 6 each": bare numbers behind a name that are sizes of its family, where the quantity is
/// said once for all; and "12 piece nuggets", where only one of the family has that number.
/// </summary>
internal static class SpreadSizes
{
    public static IReadOnlyList<Stretch> Apply(Surroundings around, IReadOnlyList<Stretch> stretches)
    {
        var spread = new List<Stretch>();
        for (var i = 0; i < stretches.Count; i++)
            if (Run(around, stretches, i) is { Count: > 1 } run && Sizes(around.Cutter, run) is { Count: > 1 } sizes)
            {
                spread.AddRange(sizes);
                i += run.Count - 1;
            }
            else spread.Add(Counted(around.Cutter, stretches[i]));
        return spread;
    }

    // A name, and the bare numbers right behind it; none where no quantity is said for all of them.
    private static List<Stretch> Run(Surroundings around, IReadOnlyList<Stretch> stretches, int at)
    {
        var run = new List<Stretch>();
        if (stretches[at].Names.Count == 0 || !stretches.Any(s => s is { Each: true, Quantity: not null })) return run;
        run.Add(stretches[at]);
        for (var i = at + 1; i < stretches.Count && IsBare(stretches[i]) && IsNext(around.Text, stretches[i]); i++)
            run.Add(stretches[i]);
        return run;
    }

    private static bool IsBare(Stretch stretch) =>
        stretch is { Names.Count: 0, Maybe.Count: 0, Units.Count: 0, Each: false, Numbers.Count: > 0 };

    // Behind nothing but a comma or an "and".
    private static bool IsNext(MessageText text, Stretch stretch) =>
        !text.Tokens[stretch.First - 1].IsMark("\n.;:");

    // One stretch a size, each clear; empty where one of the numbers is no size of the family.
    private static List<Stretch> Sizes(Cutter cutter, List<Stretch> run)
    {
        var head = run[0].Head();
        var each = run[0].Each ? run[0].Number : null;
        var sizes = new List<Stretch>();
        foreach (var number in run.SelectMany(s => s.Numbers).Where(n => n != each && !n.Negated))
        {
            var one = cutter.ReadPart([.. run[0].Tokens.Where(t => !t.IsNumber || t == number), .. run.Skip(1)
                .SelectMany(s => s.Tokens).Where(t => t == number)], []);
            one = cutter.ReadCounting(one, null);
            if (one.Meaning is not { IsClear: true, SizesMissed: 0, Unexplained: 0, Sizes: 1 }) return [];
            sizes.Add(one with { Clause = run[0].Clause, Elliptic = true, Each = false, Unit = null,
                Quantity = each is null ? null : run[0].Quantity,
                Family = string.Join(' ', head.Select(t => t.Text)) });
        }

        return sizes;
    }

    // "12 piece nuggets", "two 6 piece nuggets": the number before "piece" is a part of the product's name.
    private static Stretch Counted(Cutter cutter, Stretch stretch)
    {
        if (stretch is not { Number: { Measure: null } number, Names.Count: > 0, Unit: not null,
            Meaning: { IsClear: false, Unexplained: 0, Candidates.Count: > 1 } }) return stretch;
        var other = stretch.Numbers.FirstOrDefault(n => n != number && n.Measure is null);
        var again = cutter.ReadCounting(stretch, other);
        return again.Meaning is { IsClear: true, SizesMissed: 0, Unexplained: 0 } meaning && meaning.Sizes > 0
            && stretch.Meaning.Candidates.Contains(again.Product!)
            ? again with { Quantity = other?.Value, Unit = null }
            : stretch;
    }
}
