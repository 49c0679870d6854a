using Sak.Sync.Reading.Message;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>
/// Every step between a message's stretches and its lines, in the order in which they run. A pass sees what the passes
/// above it have made.
/// </summary>
internal static class LinePasses
{
    /// <summary>
    /// Over the stretches of one message, before each becomes a line: what they take from each other.
    /// </summary>
    public static readonly IReadOnlyList<Pass<Surroundings, Stretch>> OfStretches =
    [
        new("remark", "How the thing is wanted is no line: \"a burger without onions\".", SetRemarksAside.Apply),
        new("sizes", "Sizes of a family, counted once: \"school shirts 28 30 32, 6 each\".", SpreadSizes.Apply),
        new("verb", "A stretch has the verb in it or right before it: \"remove the oil, add 2 tea\".", TakeVerb.Apply),
        new("only if", "What counts only if something else is not there: \"2 oil, else 2 ghee\".", MarkFallback.Apply),
        new("shared verb", "A verb said once holds for its neighbours: \"remove oil and sugar\".", ShareVerb.Apply),
        new("left-out name", "A name comes from the one before, or after: \"pens red 5, blue 4\".",
            TakeLeftOutName.Apply),
        new("swap", "One goes, the other takes its place: \"2 coffee instead of tea\".", ApplySwap.Apply),
        new("alternatives", "What is left open is asked: \"2 red or blue pens\".", JoinAlternatives.Apply),
    ];

    /// <summary>Over the lines of one message.</summary>
    public static readonly IReadOnlyList<Pass<Context, LineEntry>> OfMessage =
    [
        new("the same again", "A line takes the quantity of the one before: \"boneless 2 kg and the same of thigh\".",
            TakeSameQuantity.Apply),
        new("each", "A quantity said once holds for all: \"5 each: oil, sugar\".", ShareQuantity.Apply),
        new("all in one unit", "A unit said once holds for all: \"everything in cartons\".", ShareUnit.Apply),
        new("total", "A total that its parts add up to is no line: \"6 earbuds - 4 black 2 white\".", DropTotal.Apply),
        new("both", "One line becomes the two that its words fit: \"both wires, one roll each\".", SplitBoth.Apply),
    ];

    /// <summary>Over all lines of the turn, when every message is read.</summary>
    public static readonly IReadOnlyList<Pass<Context, LineEntry>> OfTurn =
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

    /// <summary>
    /// Runs passes in order, and notes what each changed where <paramref name="steps"/> are asked for.
    /// </summary>
    public static IReadOnlyList<T> Run<TAround, T>(IReadOnlyList<Pass<TAround, T>> passes, TAround around,
        IReadOnlyList<T> items, List<string>? steps)
    {
        foreach (var pass in passes)
        {
            var before = items;
            items = pass.Apply(around, before);
            if (steps is not null) Note(pass.Name, string.Join(", ", before), string.Join(", ", items), steps);
        }

        return items;
    }

    private static void Note(string pass, string before, string after, List<string> steps)
    {
        if (after != before) steps.Add($"pass \"{pass}\": {before} => {after}");
    }
}
