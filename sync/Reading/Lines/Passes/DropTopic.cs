using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>
/// "my bulbs burned out, bring 6 white bulbs": what is talked of is ordered in another clause by more words.
/// </summary>
internal static class DropTopic
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines) =>
        [.. lines.Where(l => !IsTopic(l, lines, context))];

    private static bool IsTopic(LineEntry line, IReadOnlyList<LineEntry> lines, Context context)
    {
        if (line is not { Quantity: null, Op: LineOp.Plain, NoName: false, Answer: false,
            Stretch: { Names.Count: > 0 } talk }) return false;
        var topic = talk.Names.Where(n => context.Vocabulary.Knows(n.Text)).Select(n => Sound.Stem(n.Text)).ToList();
        return topic.Count > 0 && lines.Any(
            l => l is { Product: not null, Quantity: not null, Stretch: var ordered } && l.Message == line.Message
                && ordered.Clause != talk.Clause
                && topic.All(stem => ordered.Names.Any(n => Sound.Stem(n.Text) == stem)));
    }
}
