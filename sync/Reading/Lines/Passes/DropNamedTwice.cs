namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>
/// A product that was named once without and once with a quantity is one line; the same line twice adds up in the
/// basket.
/// </summary>
internal static class DropNamedTwice
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines)
    {
        foreach (var line in lines.Reverse())
            if (line is { Product: not null, Quantity: null, Op: LineOp.Plain or LineOp.Set or LineOp.Add }
                && lines.Any(l => l != line && l.Product == line.Product
                    && (l.Quantity is not null || l.Op != LineOp.Plain)))
                lines = [.. lines.Where(l => l != line)];
        return lines;
    }
}
