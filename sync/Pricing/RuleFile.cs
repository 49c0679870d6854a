using System.Globalization;
using Sak.Sync.Model;

namespace Sak.Sync.Pricing;

/// <summary>One line of the file, counted from 1; a column that is not there is empty.</summary>
public sealed record RuleLine(int Number, Func<string, string> Field);

/// <summary>Whom and what the lines name.</summary>
/// <param name="Product">By SKU; null when the shop has no such product.</param>
/// <param name="Customer">By phone number or name; null unless exactly one customer answers to it.</param>
public sealed record RuleNames(Func<string, Product?> Product, Func<string, Guid?> Customer);

/// <summary>A file of price rules that was read, the same on the PC and in the cloud. It is the shop's whole list: all of it holds, or nothing.</summary>
/// <param name="Rules">Without ids; a line that says what another one says counts once.</param>
/// <param name="Faults">"line 7: price is empty".</param>
public sealed record RuleFile(IReadOnlyList<StoredRule> Rules, IReadOnlyList<string> Faults)
{
    public static readonly IReadOnlyList<string> Columns = ["kind", "sku", "pack", "customer", "from_quantity", "price", "percent", "cap", "from_amount", "from", "until"];

    public static readonly string HeaderFault = $"The first line of the file must name its columns: {string.Join(',', Columns)}.";

    /// <summary>The column that every line has.</summary>
    public static string FirstColumn => Columns[0];

    /// <param name="zone">Where a day begins.</param>
    public static RuleFile Read(IEnumerable<RuleLine> lines, RuleNames names, string currency, TimeZoneInfo zone)
    {
        var (rules, seen, faults) = (new List<StoredRule>(), new HashSet<StoredRule>(), new List<string>());
        foreach (var line in lines)
        {
            var reading = new Reading(line.Field, names, currency, zone);
            var rule = reading.Rule();
            faults.AddRange(reading.Faults.Select(f => $"line {line.Number}: {f}"));
            if (reading.Faults.Count == 0 && seen.Add(rule)) rules.Add(rule);
        }

        return new RuleFile(rules, faults);
    }

    private sealed class Reading(Func<string, string> field, RuleNames names, string currency, TimeZoneInfo zone)
    {
        private const decimal MostUnits = 1_000_000;

        // What the cloud takes as a time, wherever the day begins.
        private static readonly DateOnly Earliest = new(1970, 1, 2);
        private static readonly DateOnly Latest = new(2199, 12, 29);

        public List<string> Faults { get; } = [];

        public StoredRule Rule()
        {
            var kind = field("kind").ToLowerInvariant();
            var product = kind == StoredRule.Discount ? null : Product();
            var rule = new StoredRule(Guid.Empty, kind, product?.Sku ?? "", "", Customer(), 0, 0, 0, null, 0, Day("from", 0), Day("until", 1));
            return kind switch
            {
                StoredRule.Price => rule with { Pack = Pack(product), FromQuantity = (long)(Number("from_quantity") * 1000), Amount = Amount("price") ?? Fault<long>("price is empty") },
                StoredRule.Discount => rule with { Rate = Percent(), Cap = Amount("cap"), FromAmount = Amount("from_amount") ?? 0 },
                StoredRule.Tax => rule with { Rate = Included() },
                _ => Fault(rule, $"kind \"{kind}\" is none of {string.Join(", ", StoredRule.Kinds)}"),
            };
        }

        private Product? Product() => names.Product(field("sku")) ?? Fault<Product?>($"there is no product with the sku \"{field("sku")}\"");

        private string Pack(Product? product)
        {
            var pack = field("pack");
            if (pack.Length == 0 || product is null) return pack;
            return product.BaseUnitsIn(pack) is null ? Fault(pack, $"{product.Sku} has no pack \"{pack}\"") : pack;
        }

        private Guid? Customer() => field("customer") is { Length: > 0 } name ? names.Customer(name) ?? Fault<Guid>($"there is no customer \"{name}\"") : null;

        private long? Amount(string column)
        {
            if (field(column) is not { Length: > 0 } text) return null;
            return Money.TryParse(text, currency, out var money) && money.Minor >= 0 ? money.Minor : Fault<long>($"{column} \"{text}\" is not an amount in {currency}");
        }

        private decimal Number(string column)
        {
            if (field(column) is not { Length: > 0 } text) return 0;
            return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < MostUnits
                ? value : Fault<decimal>($"{column} \"{text}\" is not a number");
        }

        private int Percent() => Number("percent") is > 0 and <= 100 and var percent ? (int)decimal.Round(percent * 100) : Fault<int>("percent is not between 0 and 100");

        private int Included() => field("price").ToLowerInvariant() switch
        {
            "inclusive" => 1,
            "exclusive" => 0,
            var other => Fault<int>($"price of a tax rule is \"inclusive\" or \"exclusive\", not \"{other}\""),
        };

        private DateTimeOffset? Day(string column, int after)
        {
            if (field(column) is not { Length: > 0 } text) return null;
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day < Earliest || day > Latest)
                return Fault<DateTimeOffset>($"{column} \"{text}\" is not a day such as 2026-11-30");
            var midnight = day.AddDays(after).ToDateTime(TimeOnly.MinValue);
            return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
        }

        private T Fault<T>(T value, string fault)
        {
            Faults.Add(fault);
            return value;
        }

        private T Fault<T>(string fault) => Fault(default(T)!, fault);
    }
}
