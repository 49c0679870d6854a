using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.Data.Sqlite;
using Sak.Agent.Commands;
using Sak.Sync.Model;
using Sak.Sync.Pricing;

namespace Sak.Agent.Store;

/// <summary>Reads a file of price rules into the replica. The file is the whole list: what is not in it ends. All or nothing.</summary>
internal static class PriceRuleImport
{
    private static readonly string[] Columns = ["kind", "sku", "pack", "customer", "from_quantity", "price", "percent", "cap", "from_amount", "from", "until"];
    private const int MostFaultsShown = 20;

    /// <summary>Throws <see cref="CommandException"/> that lists what is wrong with the file, by line.</summary>
    public static Task<(int Begun, int Ended)> RunAsync(ReplicaDb db, TextReader text, string currency, TimeProvider clock, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                var faults = new List<string>();
                var rules = Read(connection, text, currency, clock, faults);
                if (faults.Count == 0) return PriceRuleRows.Replace(connection, rules, clock);
                var more = faults.Count > MostFaultsShown ? $"\n… and {faults.Count - MostFaultsShown} more" : "";
                throw new CommandException($"Nothing was changed; the file has {faults.Count} fault(s):\n{string.Join('\n', faults.Take(MostFaultsShown))}{more}");
            },
            cancel);

    private static List<StoredRule> Read(SqliteConnection connection, TextReader text, string currency, TimeProvider clock, List<string> faults)
    {
        using var csv = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture) { MissingFieldFound = null, BadDataFound = null, TrimOptions = TrimOptions.Trim });
        if (!csv.Read() || !csv.ReadHeader() || !csv.HeaderRecord!.Any(h => h.Trim('\uFEFF') == "kind"))
            throw new CommandException($"The first line of the file must name its columns: {string.Join(',', Columns)}.");
        var rules = new List<StoredRule>();
        while (csv.Read())
        {
            var row = new RuleRow(connection, name => (csv.TryGetField<string>(name, out var value) ? value : null) ?? "", currency, clock);
            var rule = row.Read();
            faults.AddRange(row.Faults.Select(f => $"line {csv.Parser.RawRow}: {f}"));
            if (row.Faults.Count == 0 && !rules.Any(rule.Says)) rules.Add(rule);
        }

        return rules;
    }

    /// <summary>One line of the file.</summary>
    private sealed class RuleRow(SqliteConnection connection, Func<string, string> field, string currency, TimeProvider clock)
    {
        public List<string> Faults { get; } = [];

        public StoredRule Read()
        {
            var kind = field("kind").ToLowerInvariant();
            var rule = new StoredRule(Guid.Empty, kind, kind == StoredRule.Discount ? "" : Sku(), "", Customer(), 0, 0, 0, null, 0, Day("from", 0), Day("until", 1));
            switch (kind)
            {
                case StoredRule.Price:
                    return rule with { Pack = Pack(rule.Sku), FromQuantity = (long)(Number("from_quantity", 0) * 1000), Amount = Amount("price") ?? Fault<long>("price is empty") };
                case StoredRule.Discount:
                    return rule with { Rate = Percent(), Cap = Amount("cap"), FromAmount = Amount("from_amount") ?? 0 };
                case StoredRule.Tax:
                    return rule with { Rate = Included() };
                default:
                    return Fault(rule, $"kind \"{kind}\" is none of {string.Join(", ", StoredRule.Kinds)}");
            }
        }

        private string Sku()
        {
            var sku = field("sku");
            var known = connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM products WHERE sku = $sku)", ("$sku", sku)) == 1;
            return known ? sku : Fault(sku, $"there is no product with the sku \"{sku}\"");
        }

        private string Pack(string sku)
        {
            var pack = field("pack");
            if (pack.Length == 0 || Faults.Count > 0) return pack;
            return Catalog.BySku(connection, [sku]).GetValueOrDefault(sku)?.BaseUnitsIn(pack) is null ? Fault(pack, $"{sku} has no pack \"{pack}\"") : pack;
        }

        private Guid? Customer() => field("customer") is { Length: > 0 } name ? CustomerWords.Find(connection, name)?.Id ?? Fault<Guid>($"there is no customer \"{name}\"") : null;

        private long? Amount(string column)
        {
            if (field(column) is not { Length: > 0 } text) return null;
            return Money.TryParse(text, currency, out var money) && money.Minor >= 0 ? money.Minor : Fault<long>($"{column} \"{text}\" is not an amount in {currency}");
        }

        private decimal Number(string column, decimal otherwise)
        {
            if (field(column) is not { Length: > 0 } text) return otherwise;
            return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value < 1_000_000 ? value : Fault<decimal>($"{column} \"{text}\" is not a number");
        }

        private int Percent() => Number("percent", 0) is > 0 and <= 100 and var percent ? (int)decimal.Round(percent * 100) : Fault<int>("percent is not between 0 and 100");

        private int Included() => field("price").ToLowerInvariant() switch
        {
            "inclusive" => 1,
            "exclusive" => 0,
            var other => Fault<int>($"price of a tax rule is \"inclusive\" or \"exclusive\", not \"{other}\""),
        };

        private DateTimeOffset? Day(string column, int after)
        {
            if (field(column) is not { Length: > 0 } text) return null;
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return Fault<DateTimeOffset>($"{column} \"{text}\" is not a day such as 2026-11-30");
            var midnight = day.AddDays(after).ToDateTime(TimeOnly.MinValue);
            return new DateTimeOffset(midnight, clock.LocalTimeZone.GetUtcOffset(midnight));
        }

        private T Fault<T>(T value, string fault)
        {
            Faults.Add(fault);
            return value;
        }

        private T Fault<T>(string fault) => Fault(default(T)!, fault);
    }
}
