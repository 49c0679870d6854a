namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>One step over the lines read so far: takes a list and gives the list that follows from it.</summary>
/// <param name="Does">What it does, with an example, for a person.</param>
internal sealed record LinePass(string Name, string Does,
    Func<Context, IReadOnlyList<LineEntry>, IReadOnlyList<LineEntry>> Apply);

/// <summary>
/// Every step between a message's stretches and its lines, in the order in which they run. A pass sees what the passes
/// above it have made.
/// </summary>
internal static class LinePasses
{
    /// <summary>Over the lines of one message.</summary>
    public static readonly IReadOnlyList<LinePass> OfMessage =
    [
        new("the same again", "A line takes the quantity of the one before: \"boneless 2 kg and the same of thigh\".",
            TakeSameQuantity.Apply),
        new("each", "A quantity said once holds for all: \"5 each: oil, sugar\".", ShareQuantity.Apply),
        new("all in one unit", "A unit said once holds for all: \"everything in cartons\".", ShareUnit.Apply),
        new("total", "A total that its parts add up to is no line: \"6 earbuds - 4 black 2 white\".", DropTotal.Apply),
        new("both", "One line becomes the two that its words fit: \"both wires, one roll each\".", SplitBoth.Apply),
    ];

    /// <summary>Over all lines of the turn, when every message is read.</summary>
    public static readonly IReadOnlyList<LinePass> OfTurn =
    [
        new("unit of the kind", "The one line of a kind without a unit is asked: \"fuse 10 - 3 box / fuse 15 - 1\".",
            AskForUnit.Apply),
        new("unit of the line before", "A shortened line takes its unit: \"oil 1 l 2 ctn, and 3 of 5 l\".",
            TakeUnitBefore.Apply),
        new("chatter", "Words that only resemble a name go, beside lines that are none.", DropChatter.Apply),
        new("unit said after", "\"3 of the small and 2 of the big, cartons for small\".", TakeUnitAfter.Apply),
        new("topic", "What is only talked of goes: \"my bulbs burned out, bring 6 white bulbs\".", DropTopic.Apply),
        new("what stays", "\"forget the ducks, leave only the turkey\": the turkey is no new line.",
            DropWhatStays.Apply),
        new("taken back", "\"6 gloves... no, leave the gloves\": neither line is left.", DropTakenBack.Apply),
        new("named twice", "Named once without and once with a quantity: one line.", DropNamedTwice.Apply),
    ];

    /// <summary>Runs passes in order, and notes what each changed.</summary>
    public static IReadOnlyList<LineEntry> Run(IReadOnlyList<LinePass> passes, Context context,
        IReadOnlyList<LineEntry> lines)
    {
        foreach (var pass in passes)
        {
            var after = pass.Apply(context, lines);
            if (context.Steps is { } steps && !after.SequenceEqual(lines))
                steps.Add($"pass \"{pass.Name}\": {string.Join(", ", lines)} => {string.Join(", ", after)}");
            lines = after;
        }

        return lines;
    }
}
