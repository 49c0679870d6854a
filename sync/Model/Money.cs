using System.Globalization;

namespace Sak.Sync.Model;

/// <summary>An amount in integer minor units (paise, fils, cents) of one currency. Never a floating number.</summary>
/// <param name="Minor">Minor units; may be negative (a refund).</param>
/// <param name="Currency">ISO 4217 code, three capital letters.</param>
public readonly record struct Money(long Minor, string Currency)
{
    public static Money operator +(Money a, Money b) =>
        a.Currency == b.Currency
            ? new Money(checked(a.Minor + b.Minor), a.Currency)
            : throw new InvalidOperationException($"Cannot add {b.Currency} to {a.Currency}.");

    /// <summary>
    /// For example "INR 1,234.50": code first, dot decimals, always the currency's own number of decimals.
    /// </summary>
    public override string ToString() => $"{Currency} {Amount}";

    /// <summary>The amount without the currency, for example "1,234.50".</summary>
    public string Amount =>
        (Minor / Currencies.Scale(Currency)).ToString($"N{Currencies.Decimals(Currency)}",
            CultureInfo.InvariantCulture);

    /// <summary>The amount for a file: dot decimals, no grouping, for example "1234.50".</summary>
    public string Plain =>
        (Minor / Currencies.Scale(Currency)).ToString($"F{Currencies.Decimals(Currency)}",
            CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads a decimal text such as "2.35"; false when it is not a number, is negative, or has more decimals
    /// than the currency.
    /// </summary>
    public static bool TryParse(string text, string currency, out Money money)
    {
        money = new Money(0, currency);
        if (!decimal.TryParse(text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out var amount)) return false;
        if (amount > 1_000_000_000_000m) return false;
        var minor = amount * Currencies.Scale(currency);
        if (minor != decimal.Truncate(minor)) return false;
        money = new Money((long)minor, currency);
        return true;
    }
}

/// <summary>Decimals of the ISO 4217 currencies that do not have two.</summary>
public static class Currencies
{
    private static readonly HashSet<string> None = ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
        "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"];
    private static readonly HashSet<string> Three = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    public static int Decimals(string currency) => None.Contains(currency) ? 0 : Three.Contains(currency) ? 3 : 2;

    /// <summary>Minor units in one unit: 1, 100 or 1000.</summary>
    public static decimal Scale(string currency) => Decimals(currency) switch { 0 => 1m, 3 => 1000m, _ => 100m };
}
