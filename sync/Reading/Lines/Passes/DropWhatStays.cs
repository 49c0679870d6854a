namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>"forget the ducks, leave only the turkey": what stays as it is.</summary>
internal static class DropWhatStays
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines) =>
        lines.Any(l => l.Op == LineOp.Remove) ? [.. lines.Where(l => !Stays(l, context))] : lines;

    private static bool Stays(LineEntry line, Context context) =>
        line is { Product: { } product, Quantity: null, Op: LineOp.Plain or LineOp.Set }
        && context.Line(product.Sku) is not null;
}
