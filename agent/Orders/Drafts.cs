using System.Globalization;
using Sak.Sync.Model;

namespace Sak.Agent.Orders;

/// <summary>
/// Drafts as the owner reads them. A draft is a chat's open basket with a number, while it waits for the owner. Pure.
/// </summary>
internal static class Drafts
{
    /// <summary>"D-3"; not an order number, since order numbers have no gaps. Empty for no draft.</summary>
    public static string Number(long draft) =>
        draft > 0 ? string.Create(CultureInfo.InvariantCulture, $"D-{draft}") : "";

    public static long? ReadNumber(string text) =>
        long.TryParse(text.Trim().TrimStart('D', 'd', '-'), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number) && number > 0 ? number : null;

    /// <summary>"2 pack SUG-1, 1 ctn OIL-1".</summary>
    public static string Words(BasketState basket) =>
        string.Join(", ", basket.Lines.Select(
            l => string.Create(CultureInfo.InvariantCulture, $"{l.Quantity:0.###} {l.Unit} {l.Sku}")));

    /// <summary>
    /// A basket as it is kept while the owner decides: no total counts as shown, so a later "yes" of the customer is
    /// shown the figures first.
    /// </summary>
    public static BasketState Kept(BasketState basket) =>
        basket.Lines.Count == 0 ? BasketState.Empty : basket with { ShownGross = 0 };

    /// <summary>True when nobody has changed the basket between two reads.</summary>
    public static bool AreSame(BasketState one, BasketState other) =>
        one.Lines.SequenceEqual(other.Lines) && one.Discussed.SequenceEqual(other.Discussed)
            && one.Open.Count == other.Open.Count && one.Open.Zip(other.Open).All(o => AreSame(o.First, o.Second))
            && one.Awaiting == other.Awaiting && one.ShownGross == other.ShownGross;

    private static bool AreSame(OpenLine one, OpenLine other) =>
        one.Candidates.SequenceEqual(other.Candidates) && one == other with { Candidates = one.Candidates };
}
