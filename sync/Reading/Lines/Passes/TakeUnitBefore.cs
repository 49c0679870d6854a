using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>What a shortened line takes from the line before is the unit too.</summary>
internal static class TakeUnitBefore
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines)
    {
        var after = lines.ToList();
        for (var i = 1; i < after.Count; i++)
            if (after[i] is { Elliptic: true, Answer: false, Unit: null, AsksForUnit: false, Quantity: not null,
                Product: { } product }
                && after[i - 1] is { Unit: { } unit, Quantity: { } count, Product: { } before }
                && !(unit == "dozen" && count != decimal.Truncate(count))
                && Kinds.Same(before, product) && Units.Of(product, 1, unit) is not null)
                after[i] = after[i] with { Unit = unit };
        return after;
    }
}
