using System.Globalization;

namespace Sak.Sync.Model;

/// <summary>A quantity in integer thousandths of a unit: 1.5 kg is (1500, "kg").</summary>
public readonly record struct Quantity(long Thousandths, string Unit)
{
    public static Quantity Of(decimal amount, string unit) => new(checked((long)decimal.Round(amount * 1000m)), unit);

    public decimal Amount => Thousandths / 1000m;

    /// <summary>The number as a person writes it: "5", "1.5", never "5.000".</summary>
    public string Number => Amount.ToString("0.###", CultureInfo.InvariantCulture);

    public override string ToString() => $"{Number} {Unit}";
}
