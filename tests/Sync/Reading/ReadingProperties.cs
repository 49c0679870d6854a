using FsCheck;
using FsCheck.Fluent;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Tests.Sync.Reading;

/// <summary>Properties of every catalog and every list. FsCheck prints the seed of a run that fails.</summary>
public class ReadingProperties
{
    private static readonly string[] Consonants = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v",
        "z"];
    private static readonly string[] Vowels = ["a", "i", "o", "u"];
    private static readonly string[] Chatter = ["Hello team,\n", "Good morning! ", "hi sir ", "please send:\n", ""];
    private static readonly string[] Farewell = ["\nthanks", " pls", ". Thank you!", "", "\nmy number is 98200 11223",
        "\nbefore 6 pm"];

    private static readonly string[] Announced = ["as discussed\n", "my order for this week:\n",
        "hola vecino, le encargo:\n", "oi, tudo bem? separa aí:\n", "bhaiya ye saman bhej dena:\n",
        "السلام عليكم، نحتاج:\n", "hello, hope you are well. "];
    private static readonly string[] Aside = ["\nfor the school kitchen", " for shop no 12",
        "\npara mi tienda por favor", "\npra entregar na fazenda", "\nghar pe bhej dena", "\nللمزرعة لو سمحت",
        "\ncheers mate", " and let me know when it's on the way"];

    /// <summary>
    /// A catalog of invented names, and a list of (product, quantity, unit) from it, no product twice.
    /// </summary>
    private sealed record Case(IReadOnlyList<Product> Catalog,
        IReadOnlyList<(Product Product, int Quantity, string Unit)> Lines, int Shape);

    // A word of three syllables that is in no language table; words of one catalog differ in more than one letter.
    private static Gen<string> Name() =>
        from parts in Gen.Choose(0, Consonants.Length * Vowels.Length - 1).ArrayOf(4)
        select string.Concat(parts.Select(p => Consonants[p / Vowels.Length] + Vowels[p % Vowels.Length]));

    private static Gen<Case> Cases() =>
        from names in Name().ArrayOf(14)
        let distinct = names.Where(n => !Lexicon.Shared.Knows(n) && !Lexicon.Shared.At(Lexer.Read(n), 0).Any())
            .Aggregate(new List<string>(), (all, n) => Far(all, n) ? [.. all, n] : all)
        let catalog = distinct.Select(
            (n, i) =>
                Grocer.Make($"P-{i}", $"{n} {(i % 3 == 0 ? "500 g" : i % 3 == 1 ? "2 L" : "large")}", n,
                    i % 2 == 0 ? "pcs" : "bottle", "box:6;ctn:24", 100 + (i * 37))).ToList()
        from quantities in Gen.Choose(1, 99).ArrayOf(14)
        from count in Gen.Choose(1, Math.Min(6, catalog.Count))
        from shape in Gen.Choose(0, 7)
        let lines = catalog.Take(count)
            .Select((p, i) => (p, quantities[i], ((string[])["", "ctn", "box"])[(i + shape) % 3])).ToList()
        select new Case(catalog, lines, shape);

    private static bool Far(List<string> all, string name) =>
        all.All(a => Spelling.Edits(a, name, 4) > 3 && Sound.Key(a) != Sound.Key(name)
            && Sound.Stem(a) != Sound.Stem(name));

    private static string Write(Case c, IEnumerable<(Product Product, int Quantity, string Unit)> lines,
        Func<int, string> digits, string separator) =>
        string.Join(separator, lines.Select(l => Line(l, c.Shape, digits)));

    private static string Line((Product Product, int Quantity, string Unit) line, int shape, Func<int, string> digits)
    {
        var name = line.Product.Aliases[0];
        var number = digits(line.Quantity);
        return (shape % 4) switch
        {
            0 => $"{number} {line.Unit} {name}",
            1 => $"{name} {number}{line.Unit}",
            2 => $"{name} - {number} {line.Unit}",
            _ => line.Unit.Length > 0 ? $"{number}{line.Unit} {name}" : $"{name} x{number}",
        };
    }

    private static string Latin(int n) => n.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Arabic(int n) => string.Concat(Latin(n).Select(c => (char)('٠' + (c - '0'))));

    private static string Devanagari(int n) => string.Concat(Latin(n).Select(c => (char)('०' + (c - '0'))));

    private static async Task<string> Read(Case c, string text)
    {
        var products = c.Catalog.ToDictionary(p => p.Sku);
        var reply = await OrderReader.ReadAsync(Grocer.Request(BasketState.Empty, text),
            new CatalogInMemory(c.Catalog), CancellationToken.None);
        var state = Basket.Apply(BasketState.Empty, reply.Intents, products).State;
        return string.Join(' ',
            state.Lines.OrderBy(l => l.Sku, StringComparer.Ordinal).Select(l => $"{l.Sku}={l.BaseQuantity}"))
            + (state.Open.Count > 0 ? " ?" : "");
    }

    private static string Expected(Case c) =>
        string.Join(' ', c.Lines.OrderBy(l => l.Product.Sku, StringComparer.Ordinal).Select(l =>
        {
            var inUnit = l.Product.BaseUnitsIn(l.Unit.Length == 0 ? l.Product.Unit : l.Unit) ?? 0;
            return $"{l.Product.Sku}={l.Quantity * inUnit * 1000:0}";
        }));

    private static void Holds(Func<Case, Task<bool>> property) =>
        Prop.ForAll(Cases().ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static void Holds(Func<Case, bool> property) =>
        Prop.ForAll(Cases().ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_list_is_read_whatever_its_names_and_shape() => Holds(c => Same(c, Write(c, c.Lines, Latin, "\n")));

    [Fact]
    public void The_order_of_the_lines_does_not_change_the_reading() =>
    Holds(c => Same(c, Write(c, c.Lines.Reverse(), Latin, ", ")));

    [Fact]
    public void The_script_of_the_digits_does_not_change_the_reading() =>
        Holds(async c => await Same(c, Write(c, c.Lines, Arabic, "\n"))
            && await Same(c, Write(c, c.Lines, Devanagari, ", ")));

    [Fact]
    public void Greetings_thanks_phones_and_times_do_not_change_the_reading() =>
        Holds(c =>
            Same(c, Chatter[c.Shape % Chatter.Length] + Write(c, c.Lines, Latin, "\n")
                + Farewell[c.Shape % Farewell.Length]));

    [Fact]
    public void Where_it_goes_and_for_whom_does_not_change_the_reading() =>
        Holds(c =>
            Same(c, Announced[c.Shape % Announced.Length] + Write(c, c.Lines, Latin, "\n")
                + Aside[(c.Shape + c.Lines.Count) % Aside.Length]));

    private static async Task<bool> Same(Case c, string text)
    {
        var (read, expected) = (await Read(c, text), Expected(c));
        return read == expected
            ? true
            : throw new InvalidOperationException(
                $"\"{text}\"\nread     {read}\nexpected {expected}\ncatalog  "
                    + $"{string.Join(", ", c.Catalog.Select(p => p.Name))}");
    }

    [Fact]
    public void A_total_is_always_the_sum_of_its_lines() =>
        Holds(c =>
        {
            var products = c.Catalog.ToDictionary(p => p.Sku, p => p with { TaxRate = (c.Shape * 333) % 2800 });
            var lines =
                c.Lines.Select(
                    l => new BasketLine(l.Product.Sku, l.Quantity, l.Product.Unit, (l.Quantity * 1000) + c.Shape, "",
                        "")).ToList();
            return new[] { true, false }.All(inclusive =>
            {
                var priced = Prices.Price(lines, products, new PriceRules("INR", inclusive));
                return priced.Gross == priced.Lines.Sum(l => l.Gross) && priced.Net + priced.Tax == priced.Gross
                    && priced.Lines.All(l => l.Net + l.Tax == l.Gross);
            });
        });

    [Fact]
    public void Any_text_at_all_is_read_without_an_error() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), async text =>
        {
            await OrderReader.ReadAsync(Grocer.Request(Grocer.With(("G-1", 2)), text ?? ""), Grocer.Search,
                CancellationToken.None);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
