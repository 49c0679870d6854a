namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>"everything in cartons": the unit goes to every quantity that has none.</summary>
internal static class ShareUnit
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines)
    {
        foreach (var all in lines.Where(
            l => l is { NoName: true, Unit: not null, Stretch: { All: true, Number: null } }))
        {
            var takes = lines.Where(l => l != all && l is { Unit: null, NoName: false, Quantity: not null }).ToList();
            if (takes.Count == 0) continue;
            lines = [.. lines.Where(l => l != all).Select(l => takes.Contains(l) ? l with { Unit = all.Unit } : l)];
        }

        return lines;
    }
}
