namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>Chatter that only resembles a name, beside lines that are none.</summary>
internal static class DropChatter
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines) =>
        lines.Any(l => l is { Product: not null, Quantity: not null })
            ? [.. lines.Where(l => !IsChatter(l, context))]
            : lines;

    private static bool IsChatter(LineEntry line, Context context) =>
        line is { NoName: false, Unknown: false, Quantity: null, Op: LineOp.Plain or LineOp.Set }
        && line.Stretch.Names.Any(n => !context.Vocabulary.Knows(n.Text))
        && LineMaker.SurelyNamed(line.Stretch, context.Vocabulary) is null;
}
