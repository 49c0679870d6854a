using System.Numerics;
using Sak.Sync.Model;

namespace Sak.Sync.Reading.Names;

/// <summary>
/// Products of one family, learned from the catalog: their names share what the thing is ("shirt", "bolt"), and differ
/// in a size, strength, colour, flavour or kind.
/// </summary>
internal static class Families
{
    public static bool Same(Product a, Product b)
    {
        if (a == b) return true;
        var heads = HeadsOf(b);
        return HeadsOf(a).Any(heads.Contains);
    }

    /// <summary>The words of a product that its family shares: what the thing is.</summary>
    public static IReadOnlyList<string> HeadsOf(Product product)
    {
        var form = ProductNames.Of(product).Forms[0];
        var heads = new List<string>(BitOperations.PopCount(form.Heads));
        for (var i = 0; i < form.Words.Length; i++)
            if ((form.Heads >> i & 1) == 1 && form.Words[i] is { Number: null, Same: null, Heard.HasDigit: false } word)
                heads.Add(word.Text);
        return heads;
    }
}
