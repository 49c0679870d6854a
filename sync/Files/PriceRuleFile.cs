using System.Globalization;
using Sak.Sync.Model;
using Sak.Sync.Pricing;

namespace Sak.Sync.Files;

/// <summary>Whom and what the lines name.</summary>
/// <param name="Product">By SKU; null when the shop has no such product.</param>
/// <param name="Customer">By phone number or name; null unless exactly one customer answers to it.</param>
public sealed record RuleNames(Func<string, Product?> Product, Func<string, Guid?> Customer);

/// <summary>
/// A file of price rules that was read, the same on the PC and in the cloud. It is the shop's whole list: all of it
/// holds, or nothing.
/// </summary>
/// <param name="Rules">Without ids; a line that says what another one says counts once.</param>
public sealed record PriceRuleFile(IReadOnlyList<StoredRule> Rules, FileFaults Faults)
{
    /// <summary>Columns that a file of price rules must have.</summary>
    public static readonly IReadOnlyList<string> Required = ["kind"];

    /// <summary>Columns that it may have.</summary>
    public static readonly IReadOnlyList<string> Optional = ["sku", "pack", "customer", "from_quantity", "price",
        "percent", "cap", "from_amount", "from", "until"];

    /// <summary>The lines of a file, to be judged by <see cref="Read"/> when it is known what they name.</summary>
    public static Task<CsvTable> SplitAsync(IAsyncEnumerable<CsvLine> lines) =>
        CsvTable.ReadAsync(lines, Required, Optional);

    /// <param name="zone">Where a day begins.</param>
    public static PriceRuleFile Read(CsvTable table, RuleNames names, string currency, TimeZoneInfo zone)
    {
        var (rules, faults) = (new Dictionary<StoredRule, int>(), new FileFaults());
        if (table.Fault is { } whole) faults.Add(whole);
        foreach (var line in table.Rows)
        {
            var reading = new RuleFields(line.Cell, names, currency, zone);
            var rule = line.Fault is { } form ? reading.Refuse(form) : reading.Rule();
            foreach (var fault in reading.Faults) faults.Add(line.Number, fault);
            if (reading.Faults.Count == 0) rules.TryAdd(rule, line.Number);
        }

        foreach (var (line, fault) in TwoTaxes(rules)) faults.Add(line, fault);
        if (rules.Count + faults.Count == 0)
            faults.Add("the file has no rules; to end all that you have, give it one line whose until is past");
        return new PriceRuleFile([.. rules.Keys], faults);
    }

    // Which of the two would hold is left to chance.
    private static IEnumerable<(int Line, string Fault)> TwoTaxes(Dictionary<StoredRule, int> rules)
    {
        foreach (var product in rules.Where(r => r.Key.Kind == RuleKind.Tax).GroupBy(r => r.Key.Sku))
        {
            var last = new (DateTimeOffset Ends, int Line)?[2];
            foreach (var (rule, line) in product.OrderBy(r => r.Key.Starts ?? DateTimeOffset.MinValue))
            {
                if (last[1 - rule.Rate] is { } other && other.Ends > (rule.Starts ?? DateTimeOffset.MinValue))
                    yield return (Math.Max(line, other.Line),
                        $"line {Math.Min(line, other.Line)} says the opposite for {rule.Sku} and the same days");
                var ends = rule.Ends ?? DateTimeOffset.MaxValue;
                if (last[rule.Rate] is not { } same || ends > same.Ends) last[rule.Rate] = (ends, line);
            }
        }
    }

    private sealed class RuleFields(Func<string, string> field, RuleNames names, string currency, TimeZoneInfo zone)
    {
        private const decimal MostUnits = 1_000_000;

        // What the cloud takes as a time, wherever the day begins.
        private static readonly DateOnly Earliest = new(1970, 1, 2);
        private static readonly DateOnly Latest = new(2199, 12, 29);

        // Columns that a kind does not use must be empty: a discount with a SKU would be the whole shop's.
        private static readonly Dictionary<RuleKind, string[]> Empty = new()
        {
            [RuleKind.Price] = ["percent", "cap", "from_amount"],
            [RuleKind.Discount] = ["sku", "pack", "from_quantity", "price"],
            [RuleKind.Tax] = ["pack", "customer", "from_quantity", "percent", "cap", "from_amount"],
        };

        public List<string> Faults { get; } = [];

        public StoredRule Rule()
        {
            var word = field("kind").ToLowerInvariant();
            var kind = EnumText.Read<RuleKind>(word);
            foreach (var column in kind is { } known ? Empty[known] : [])
                if (field(column).Length > 0)
                    Fault<bool>($"a {word} rule has no {column}, but it is \"{field(column)}\"; leave it empty");
            var product = kind == RuleKind.Discount ? null : Product();
            var rule = new StoredRule(Guid.Empty, kind, product?.Sku ?? "", "", Customer(), 0, 0, 0, null, 0,
                Day("from", 0), Day("until", 1));
            if (rule.Starts >= rule.Ends) Fault<bool>($"from {field("from")} is after until {field("until")}");
            return kind switch
            {
                RuleKind.Price =>
                    rule with { Pack = Pack(product), FromQuantity = (long)(Number("from_quantity", 3) * 1000),
                        Amount = Amount("price") ?? Fault<long>("price is empty") },
                RuleKind.Discount =>
                    rule with { Rate = Percent(), Cap = Amount("cap"), FromAmount = Amount("from_amount") ?? 0 },
                RuleKind.Tax => rule with { Rate = Included() },
                _ => Fault(rule, $"kind \"{word}\" is none of {EnumText.List<RuleKind>()}"),
            };
        }

        public StoredRule Refuse(string fault) => Fault<StoredRule>(fault);

        private Product? Product() =>
            names.Product(field("sku")) ?? Fault<Product?>($"there is no product with the sku \"{field("sku")}\"");

        private string Pack(Product? product)
        {
            var pack = field("pack");
            if (pack.Length == 0 || product is null) return pack;
            return product.BaseUnitsIn(pack) is null ? Fault(pack, $"{product.Sku} has no pack \"{pack}\"") : pack;
        }

        private Guid? Customer() =>
            field("customer") is { Length: > 0 } name
                ? names.Customer(name) ?? Fault<Guid>($"there is no customer \"{name}\"")
                : null;

        private long? Amount(string column)
        {
            if (field(column) is not { Length: > 0 } text) return null;
            return Money.TryParse(text, currency, out var money) && money.Minor >= 0
                ? money.Minor
                : Fault<long>($"{column} \"{text}\" is not an amount in {currency}");
        }

        private decimal Number(string column, int decimals)
        {
            if (field(column) is not { Length: > 0 } text) return 0;
            if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                || value >= MostUnits)
                return Fault<decimal>($"{column} \"{text}\" is not a number");
            return value == decimal.Round(value, decimals)
                ? value
                : Fault(value, $"{column} \"{text}\" has more than {decimals} decimals");
        }

        private int Percent() =>
            Number("percent", 2) is > 0 and <= 100 and var percent
                ? (int)(percent * 100)
                : Fault<int>("percent is not between 0 and 100");

        private int Included() => field("price").ToLowerInvariant() switch
        {
            "inclusive" => 1,
            "exclusive" => 0,
            var other => Fault<int>($"price of a tax rule is \"inclusive\" or \"exclusive\", not \"{other}\""),
        };

        private DateTimeOffset? Day(string column, int after)
        {
            if (field(column) is not { Length: > 0 } text) return null;
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
                out var day) || day < Earliest || day > Latest)
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
