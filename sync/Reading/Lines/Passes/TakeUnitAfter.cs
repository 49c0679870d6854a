namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>"3 of the small and 2 of the big, cartons for small": the unit is said afterwards.</summary>
internal static class TakeUnitAfter
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines)
    {
        var after = lines.ToList();
        for (var i = after.Count - 1; i >= 0; i--)
        {
            if (after[i] is not { Product: { } product, Unit: { } unit, Stretch.Number: null, Op: LineOp.Plain })
                continue;
            var counted = after.FindIndex(l => l.Product == product
                && l is { Quantity: not null, Unit: null, AsksForUnit: false, Stretch.Number: not null });
            if (counted < 0) continue;
            after[counted] = after[counted] with { Unit = unit };
            after.RemoveAt(i);
        }

        return after;
    }
}
