using Sak.Sync.Model;
using Sak.Sync.Reading.Names;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>Products of one kind: their names share half of their words, sizes and colours aside.</summary>
internal static class Kinds
{
    public static bool Same(Product a, Product b)
    {
        var (x, y) = (Plain(a), Plain(b));
        var both = x.Intersect(y).Count();
        return both > 0 && both * 2 >= x.Union(y).Count();
    }

    private static HashSet<string> Plain(Product product) => [.. ProductNames.Of(product)
        .Forms[0].Words.Where(w => w is { Weight: >= 1, Same: null } && !w.Text.Any(char.IsAsciiDigit))
        .Select(w => w.Text)];
}
