namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>"2 sets each", "5 each: oil, sugar": the quantity goes to every line that has none.</summary>
internal static class ShareQuantity
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines)
    {
        foreach (var each in lines.Where(l => l.Stretch.Each && l.Quantity is not null))
        {
            var takes = lines.Where(l => l != each && Takes(l)).ToList();
            if (takes.Count == 0) continue;
            lines = [.. lines.Where(l => l != each || !each.NoName).Select(l => takes.Contains(l)
                ? l with { Quantity = each.Quantity, Unit = l.Unit ?? each.Unit, Elliptic = true }
                : l)];
        }

        return lines;
    }

    private static bool Takes(LineEntry line) =>
        line is { Quantity: null, NoName: false, Op: LineOp.Plain or LineOp.Add };
}
