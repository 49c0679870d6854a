using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading;

/// <summary>An earlier order that is ordered again, with what the customer changes in the same breath.</summary>
internal static class OrderAgain
{
    public static void Change(LineOp op, decimal factor, ReadLine change, List<ReadLine> lines)
    {
        var at = change.Product is null ? -1 : lines.FindIndex(l => l.Product?.Sku == change.Product.Sku);
        if (op == LineOp.Remove)
        {
            if (at >= 0 && Rest(change, lines[at]) is { } rest) lines[at] = rest;
            else if (at >= 0) lines.RemoveAt(at);
        }
        else if (op == LineOp.Multiply)
        {
            if (at >= 0)
                lines[at] = lines[at] with { Quantity = lines[at].Quantity * factor,
                    Why = $"{lines[at].Why}; times {factor}" };
        }
        else if (change.IsOpen || at < 0) lines.Add(change with { Op = LineOp.Add });
        else if (op == LineOp.Add && lines[at].Unit == change.Unit)
            lines[at] = lines[at] with { Quantity = lines[at].Quantity + change.Quantity,
            Why = $"{lines[at].Why}; and more" };
        else if (op == LineOp.Add) lines.Add(change with { Op = LineOp.Add });
        else lines[at] = change with { Op = LineOp.Add };
    }

    // "3 trays fewer of the eggs": what is left of the line; null where that is nothing, or all of it goes.
    private static ReadLine? Rest(ReadLine change, ReadLine line)
    {
        if (change is not { Quantity: { } less, Product: { } product } || line.Quantity is not { } had
            || Units.Of(product, less, change.Unit) is not { } units
            || product.BaseUnitsIn(units.Unit) is not { } size || product.BaseUnitsIn(line.Unit!) is not { } each)
            return null;
        var rest = ((had * each) - (units.Quantity * size)) / each;
        return rest > 0 ? line with { Quantity = rest, Why = $"{line.Why}; {less:0.###} fewer" } : null;
    }
}
