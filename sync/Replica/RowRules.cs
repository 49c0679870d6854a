using Sak.Sync.Model;
using Sak.Sync.Pricing;

namespace Sak.Sync.Replica;

/// <summary>
/// What the cloud asks of a row. A row that breaks a rule is parked with the sentence given here and the rest of its
/// batch goes on, whoever wrote it: an old agent, another program in the replica, or an attacker with a key.
/// </summary>
public static class RowRules
{
    /// <summary>Longest SKU and order number, in characters; the columns of the cloud are as wide.</summary>
    public const int MaxSku = 100;
    public const int MaxOrderNumber = 50;

    private const int MaxText = 20_000;
    private const long MaxMoney = 1_000_000_000_000_000;
    private const long MaxQuantity = 1_000_000_000_000;
    private static readonly long Latest = new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero)
        .ToUnixTimeMilliseconds();

    /// <summary>Null when the row is valid by itself; the rows that it refers to are not looked at here.</summary>
    public static string? Fault(Table table, IReadOnlyList<object?> row, string currency) =>
        Shape(table, row) ?? Meaning(new NamedValues(table, row), currency);

    private static string? Shape(Table table, IReadOnlyList<object?> row)
    {
        for (var i = 0; i < row.Count; i++)
            if (ValueFault(table.Columns[i], row[i]) is { } fault) return $"{table.Columns[i].Name} {fault}.";
        return null;
    }

    private static string? ValueFault(Column column, object? value) =>
        (column.Kind, value) switch
        {
            (_, null) => column.Nullable ? null : "is missing",
            (ColumnKind.Id, string text) => Ids.IsText(text) ? null : $"\"{Cut(text)}\" is not an id",
            (ColumnKind.Text, string { Length: > MaxText }) => $"is longer than {MaxText} characters",
            (ColumnKind.Text, string text) => text.Contains('\0') ? "holds a NUL character" : null,
            (ColumnKind.Integer, long) => null,
            (ColumnKind.Time, long time) => time >= 0 && time < Latest ? null : $"{time} is not a time",
            _ => $"is not {(column.Kind is ColumnKind.Id or ColumnKind.Text ? "text" : "a whole number")}",
        };

    private static string? Meaning(NamedValues row, string currency) =>
        row.Table == Tables.Products ? Product(row, currency)
            : row.Table == Tables.Orders ? Order(row, currency)
            : row.Table == Tables.OrderLines ? Line(row)
            : row.Table == Tables.PriceRules ? Rule(row)
            : row.Table == Tables.StockMovements ? Movement(row)
            : null;

    private static string? Product(NamedValues row, string currency)
    {
        if (row.Text("sku").Trim().Length == 0 || row.Text("sku").Length > MaxSku)
            return $"The SKU \"{Cut(row.Text("sku"))}\" is empty or longer than {MaxSku} characters.";
        if (row.Text("name").Trim().Length == 0) return $"Product {row.Text("sku")} has no name.";
        if (row.Text("unit").Trim().Length == 0) return $"Product {row.Text("sku")} has no unit.";
        if (row.Text("currency") != currency)
            return $"Currency \"{Cut(row.Text("currency"))}\" of product {row.Text("sku")} is not the shop's "
                + $"{currency}.";
        if (row.Number("price") is < 0 or > MaxMoney) return $"The price of product {row.Text("sku")} is out of range.";
        if (row.Number("tax_rate") is < 0 or > 10_000)
            return $"The tax rate of product {row.Text("sku")} is not between 0 and 100 %.";
        if (row.Number("active") is not (0 or 1)) return $"active of product {row.Text("sku")} is neither 0 nor 1.";
        try
        {
            Sak.Sync.Model.Product.ReadPacks(row.Text("packs"));
            return null;
        }
        catch (FormatException e)
        {
            return $"Product {row.Text("sku")}: {e.Message}.";
        }
    }

    private static string? Order(NamedValues row, string currency)
    {
        var number = row.Text("number");
        if (number.Trim().Length == 0 || number.Length > MaxOrderNumber)
            return $"The order number \"{Cut(number)}\" is empty or longer than {MaxOrderNumber} characters.";
        if (EnumText.Read<OrderStatus>(row.Text("status")) is null)
            return $"Status \"{Cut(row.Text("status"))}\" of order {number} is not known; it is one of "
                + $"{EnumText.List<OrderStatus>()}.";
        if (row.Text("currency") != currency)
            return $"Currency \"{Cut(row.Text("currency"))}\" of order {number} is not the shop's {currency}.";
        return Sums(row) ? null : $"The amounts of order {number} are out of range or do not add up.";
    }

    private static string? Line(NamedValues row)
    {
        var fault = row.Number("quantity") is <= 0 or > MaxQuantity
            ? "a quantity that is zero, negative or out of range"
            : row.Number("unit_price") is < 0 or > MaxMoney || !Sums(row)
                ? "amounts that are out of range or do not add up"
            : row.Number("tax_rate") is < 0 or > 10_000 ? "a tax rate that is not between 0 and 100 %"
            : null;
        return fault is null ? null : $"The line \"{Cut(row.Text("name"))}\" has {fault}.";
    }

    private static string? Rule(NamedValues row)
    {
        if (EnumText.Read<RuleKind>(row.Text("kind")) is null)
            return $"A price rule is of the kind \"{Cut(row.Text("kind"))}\", which is not known; it is one of "
                + $"{EnumText.List<RuleKind>()}.";
        if (row.Text("sku").Length > MaxSku) return $"The SKU of a price rule is longer than {MaxSku} characters.";
        if (row.Number("amount") is < 0 or > MaxMoney || row.Number("from_amount") is < 0 or > MaxMoney)
            return "An amount of a price rule is out of range.";
        if (row.Number("from_quantity") is < 0 or > MaxQuantity) return "The quantity of a price rule is out of range.";
        return row.Number("rate") is >= 0 and <= 10_000 ? null : "The rate of a price rule is not between 0 and 100 %.";
    }

    // The reason is free: programs beside SAK have reasons of their own, and the stock is the sum whatever they are.
    private static string? Movement(NamedValues row) =>
        row.Number("quantity") is >= -MaxQuantity and <= MaxQuantity
            ? null
            : "The quantity of a stock movement is out of range.";

    private static bool Sums(NamedValues row) =>
        row.Number("net") is >= 0 and <= MaxMoney && row.Number("tax") is >= 0 and <= MaxMoney
            && row.Number("gross") == row.Number("net") + row.Number("tax");

    private static string Cut(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private readonly record struct NamedValues(Table Table, IReadOnlyList<object?> Values)
    {
        public string Text(string column) => (string)Values[Table.IndexOf(column)]!;

        public long Number(string column) => (long)Values[Table.IndexOf(column)]!;
    }
}
