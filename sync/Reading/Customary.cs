using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using Sak.Sync.Wire;

namespace Sak.Sync.Reading;

/// <summary>
/// What this customer and this shop usually do, as a last look at a reading: a quantity far beyond it is asked, and of
/// products that the words fit equally the one that this customer always takes is proposed, in words that the
/// confirmation shows.
/// </summary>
internal static class Customary
{
    private const int Beyond = 10;
    private const int OfShop = 5;
    private const int OfCustomer = 3;
    private const decimal AlwaysPlausible = 50;

    public static async ValueTask<TurnReading> JudgeAsync(TurnReading reading, ProcessMessageRequest request,
        ICatalogSearch search, CancellationToken cancel)
    {
        var doubtful = reading.Lines.Where(l => IsDoubtful(l, request)).ToList();
        if (doubtful.Count == 0) return reading;
        var sold = await search.SoldAsync(
            [.. doubtful.SelectMany(l => l.Candidates.Append(l.Product)).OfType<Product>().Select(p => p.Sku)
                .Distinct()], cancel);
        return reading
            with { Lines = [.. reading.Lines.Select(l => doubtful.Contains(l) ? Judge(l, request, sold) : l)] };
    }

    private static bool IsDoubtful(ReadLine line, ProcessMessageRequest request) => line.Asks switch
    {
        AskedFor.Product => line.Op is LineOp.Add or LineOp.Set && line.Candidates.Count > 1,
        null => line.Op is LineOp.Add or LineOp.Set && Units(line) is > AlwaysPlausible && !WasAsked(line, request),
        _ => false,
    };

    // Who says it again after the question means it.
    private static bool WasAsked(ReadLine line, ProcessMessageRequest request) =>
        request.Basket.Open.Any(o => o.Asks == AskedFor.Quantity && o.Sku == line.Product!.Sku);

    private static decimal? Units(ReadLine line) =>
        line.Product?.BaseUnitsIn(line.Unit ?? line.Product.Unit) * line.Quantity;

    private static ReadLine Judge(ReadLine line, ProcessMessageRequest request,
        IReadOnlyDictionary<string, Bought> sold) =>
        line.Asks == AskedFor.Product ? Rank(line, request, sold) : Measure(line, request, sold);

    // The customer's own habit says more than the shop's; either only where there is enough of it.
    private static ReadLine Measure(ReadLine line, ProcessMessageRequest request,
        IReadOnlyDictionary<string, Bought> sold)
    {
        var usual = request.Habits.GetValueOrDefault(line.Product!.Sku) is { Times: >= OfCustomer } own ? own.Most
            : sold.GetValueOrDefault(line.Product.Sku) is { Times: >= OfShop } shop ? shop.Most : (long?)null;
        if (usual is null || Units(line) * 1000 <= usual * Beyond) return line;
        return line with { Asks = AskedFor.Quantity,
            Why = $"{line.Why}; far beyond the {usual / 1000m:0.###} {line.Product.Unit} that were the most so far" };
    }

    private static ReadLine Rank(ReadLine line, ProcessMessageRequest request, IReadOnlyDictionary<string, Bought> sold)
    {
        var ranked = line.Candidates.OrderByDescending(p => request.Habits.GetValueOrDefault(p.Sku)?.Times ?? 0)
            .ThenByDescending(p => sold.GetValueOrDefault(p.Sku)?.Times ?? 0).ToList();
        var always = ranked.Where(p => request.Habits.ContainsKey(p.Sku)).ToList();
        var known = line with { Candidates = ranked };
        // A list of choices that was cut may hide another one; a choice that the customer left open is the customer's.
        if (always is not [var one] || request.Habits[one.Sku].Times < 2 || line.Candidates.Count >= 5
            || line.Words.Length == 0) return known;
        if (Lexer.Read(line.Words).Any(t => Lexicon.Shared.SenseOf(t.Text, PhraseKind.Or) is not null)) return known;
        if (line.Quantity is not { } quantity || Words.Units.Of(one, quantity, line.Unit) is not { } units
            || one.BaseQuantity(units.Quantity, units.Unit) is null) return known;
        return line with
        {
            Product = one, Asks = null, Quantity = units.Quantity, Unit = units.Unit, Candidates = [one],
            AskedAs = line.Words, Supposed = true,
            Why = $"{line.Why}; {one.Sku} is what this customer took {request.Habits[one.Sku].Times} times, and none "
                + $"of the others",
        };
    }
}
