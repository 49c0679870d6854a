namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>"6 gloves... no, leave the gloves": taken back before it ever was in the basket.</summary>
internal static class DropTakenBack
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines)
    {
        foreach (var no in lines.Reverse())
        {
            if (!lines.Contains(no) || no is not { Op: LineOp.Remove, Quantity: null, Product: { } product,
                Stretch.HasName: true } || context.Line(product.Sku) is not null) continue;
            if (lines.FirstOrDefault(l => IsTakenBack(l, no)) is { } taken)
                lines = [.. lines.Where(l => l != no && l != taken)];
        }

        return lines;
    }

    private static bool IsTakenBack(LineEntry line, LineEntry no) =>
        line.Product == no.Product && line.Op is LineOp.Plain or LineOp.Add or LineOp.Set
        && line.Message <= no.Message;
}
