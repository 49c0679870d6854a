using System.Globalization;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Tests.Sync.Reading;

namespace Sak.Tests.Sync.Answering;

/// <summary>Thousands of replies that are almost right; the seed is printed when a wrong one passes.</summary>
public class PriceLockFuzz
{
    private static readonly string[] Frames =
    [
        "Your total is INR {0}", "Total: {0}", "that will be ₹{0} only", "{0} rupees please", "price {0}",
        "I can do it for {0}", "कुल {0} रुपये", "दाम {0}", "المجموع {0}", "السعر {0} ريال", "son {0} pesos",
        "El total es {0}", "fica R$ {0}", "por {0} reais", "special offer {0}", "*{0}*", "{0}/-", "Rs.{0}", "INR{0}",
        "{0}% off",
    ];

    [Fact]
    public async Task No_figure_that_is_almost_right_leaves_as_a_price()
    {
        var facts = Grocer.Facts(await Grocer.Read("5 ctn oil n 2 sugar, 1.5 kg lentils"), BasketState.Empty,
            words: "5 ctn oil n 2 sugar, 1.5 kg lentils. My friend got 40% off and paid 300");
        var right = facts.Basket.Lines.SelectMany(l => new[] { l.UnitPrice, l.Net, l.Tax, l.Gross })
            .Concat([facts.Basket.Net, facts.Basket.Tax, facts.Basket.Gross])
            .Concat(facts.Products.Values.Select(p => p.Price.Minor)).ToHashSet();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 5_000; i++)
        {
            var wrong = NearMiss(right, random);
            var text = string.Format(CultureInfo.InvariantCulture, Frames[random.Next(Frames.Length)],
                Written(wrong, random));
            Assert.False(PriceLock.Check(text, facts).Passes, $"seed {seed}: \"{text}\" passed");
        }
    }

    [Fact]
    public async Task The_right_figures_pass_however_they_are_written()
    {
        var facts = Grocer.Facts(await Grocer.Read("5 ctn oil n 2 sugar"), BasketState.Empty);
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            var text = string.Format(CultureInfo.InvariantCulture, Frames[random.Next(Frames.Length - 1)],
                Written(facts.Basket.Gross, random));
            Assert.True(PriceLock.Check(text, facts).Passes, text);
        }
    }

    private static long NearMiss(HashSet<long> right, Random random)
    {
        while (true)
        {
            var near = right.ElementAt(random.Next(right.Count));
            var wrong = random.Next(6) switch
            {
                0 => near + random.Next(1, 10),
                1 => near - random.Next(1, 10),
                2 => near * 10,
                3 => near / 10,
                4 => near / 100 * 100,
                _ => Swapped(near, random),
            };
            if (wrong > 0 && !right.Contains(wrong)) return wrong;
        }
    }

    private static long Swapped(long value, Random random)
    {
        var digits = value.ToString(CultureInfo.InvariantCulture).ToCharArray();
        var at = random.Next(digits.Length);
        digits[at] = (char)('0' + ((digits[at] - '0' + random.Next(1, 10)) % 10));
        return long.Parse(digits, CultureInfo.InvariantCulture);
    }

    private static string Written(long minor, Random random)
    {
        var text = (minor / 100m).ToString(random.Next(2) == 0 ? "N2" : "F2", CultureInfo.InvariantCulture);
        return random.Next(4) switch
        {
            0 => string.Concat(
                text.Select(c => char.IsAsciiDigit(c) ? (char)('٠' + (c - '0')) : c == '.' ? '٫' : c == ',' ? '٬' : c)),
            1 => string.Concat(text.Select(c => char.IsAsciiDigit(c) ? (char)('०' + (c - '0')) : c)),
            2 => string.Concat(text.Select(c => char.IsAsciiDigit(c) ? (char)('０' + (c - '0')) : c)),
            _ => text,
        };
    }
}
