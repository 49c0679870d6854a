using System.Globalization;
using Microsoft.Data.Sqlite;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Sync.Model;
using Sak.Sync.Pricing;

namespace Sak.Agent.Catalog;

/// <summary>The price rules of the replica. A rule is never changed: it ends, and another begins.</summary>
internal static class PriceRuleRows
{
    private const string Columns =
        "id, kind, sku, pack, customer_id, from_quantity, amount, rate, cap, from_amount, starts, ends";

    /// <summary>What may hold for this customer and these products.</summary>
    public static PriceRules For(SqliteConnection connection, PriceRules shop, Guid customerId,
        IReadOnlyCollection<string> skus, DateTimeOffset now)
    {
        if (connection.Scalar<long>("SELECT EXISTS (SELECT 1 FROM price_rules)") == 0) return shop;
        var rules = skus.Append("").SelectMany(sku => connection.List(
            $"SELECT {Columns} FROM price_rules WHERE sku = $sku AND (customer_id IS NULL OR customer_id = $customer) "
                + $"AND (ends IS NULL OR ends > $now)",
            Read, ("$sku", sku), ("$customer", customerId), ("$now", now)));
        return shop.With(rules, now);
    }

    /// <summary>All that are not over, in the order of the list.</summary>
    public static List<StoredRule> All(SqliteConnection connection, DateTimeOffset now) =>
        connection.List(
            $"SELECT {Columns} FROM price_rules WHERE ends IS NULL OR ends > $now ORDER BY kind DESC, sku, "
                + $"from_quantity, id", Read, ("$now", now));

    /// <summary>The rules as the owner reads them: kind, SKU, for whom, what, from, until.</summary>
    public static List<string[]> Shown(SqliteConnection connection, string currency, DateTimeOffset now) =>
        [.. All(connection, now).Select(rule => new[]
        {
            rule.Kind?.Text() ?? "unknown", rule.Sku,
            rule.CustomerId is { } id ? Customers.Name(connection, id) : "everybody",
            Says(rule, currency), Day(rule.Starts, 0), Day(rule.Ends, -1),
        })];

    private static string Says(StoredRule rule, string currency) => rule.Kind switch
    {
        RuleKind.Price =>
            string.Create(CultureInfo.InvariantCulture,
                $"{new Money(rule.Amount, currency)} for one {(rule.Pack.Length > 0 ? rule.Pack : "unit")}")
            + (rule.FromQuantity > 0
                ? string.Create(CultureInfo.InvariantCulture, $" from {rule.FromQuantity / 1000m:0.###}")
                : ""),
        RuleKind.Discount => string.Create(CultureInfo.InvariantCulture, $"{rule.Rate / 100m:0.##} % off the order")
            + (rule.FromAmount > 0 ? $" from {new Money(rule.FromAmount, currency)}" : "")
            + (rule.Cap is { } cap ? $", at most {new Money(cap, currency)}" : ""),
        null => "needs a newer SAK",
        _ => rule.Rate == 1 ? "its price contains the tax" : "tax is added to its price",
    };

    private static string Day(DateTimeOffset? at, int days) =>
        at?.ToLocalTime().AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Makes these the shop's rules from now on: what is not among them ends, what is new begins.</summary>
    public static (int Begun, int Ended) Replace(SqliteConnection connection, IReadOnlyList<StoredRule> rules,
        TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var (begin, end) = All(connection, now).Replace(rules);
        foreach (var rule in end) End(connection, rule, now);
        foreach (var rule in begin) Insert(connection, rule with { Id = Ids.New(clock) });
        return (begin.Count, end.Count);
    }

    /// <summary>
    /// What holds for one customer holds for the other from now on, unless that one has a price of his own for the
    /// same. No rule is changed for it: each ends, and another begins.
    /// </summary>
    public static void Move(SqliteConnection connection, Guid from, Guid to, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        var all = All(connection, now);
        foreach (var rule in all.Where(r => r.CustomerId == from && r.Kind is not null))
        {
            End(connection, rule, now);
            if (!all.Any(r => r.CustomerId == to && IsFor(r) == IsFor(rule)))
                Insert(connection, rule with { Id = Ids.New(clock), CustomerId = to });
        }

        static (RuleKind?, string, string, long, long) IsFor(StoredRule rule) =>
            (rule.Kind, rule.Sku, rule.Pack, rule.FromQuantity, rule.FromAmount);
    }

    private static void End(SqliteConnection connection, StoredRule rule, DateTimeOffset now) =>
        connection.Execute("UPDATE price_rules SET ends = $now WHERE id = $id", ("$now", now),
            ("$id", rule.Id));

    private static void Insert(SqliteConnection connection, StoredRule rule) =>
        connection.Execute(
            $"INSERT INTO price_rules ({Columns}) VALUES ($id, $kind, $sku, $pack, $customer, $fromQuantity, $amount, "
                + $"$rate, $cap, $fromAmount, $starts, $ends)",
            ("$id", rule.Id), ("$kind", rule.Kind!.Value.Text()), ("$sku", rule.Sku), ("$pack", rule.Pack),
            ("$customer", rule.CustomerId),
            ("$fromQuantity", rule.FromQuantity), ("$amount", rule.Amount), ("$rate", rule.Rate), ("$cap", rule.Cap),
            ("$fromAmount", rule.FromAmount),
            ("$starts", rule.Starts), ("$ends", rule.Ends));

    private static StoredRule Read(SqliteDataReader row) => new(
        row.Id(0), EnumText.Read<RuleKind>(row.GetString(1)), row.GetString(2), row.GetString(3),
        row.IsDBNull(4) ? null : row.Id(4),
        row.GetInt64(5), row.GetInt64(6), row.GetInt32(7),
        row.IsDBNull(8) ? null : row.GetInt64(8), row.GetInt64(9), row.IsDBNull(10) ? null : row.Time(10),
        row.IsDBNull(11) ? null : row.Time(11));
}
