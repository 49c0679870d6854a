namespace Sak.Sync.Reading.Words;

/// <summary>
/// Whether "1.500" and "1,500" are one and a half or fifteen hundred. Pieces, packs, grams and millilitres: fifteen
/// hundred. Kilos and litres: one and a half with a point, and with a comma if the language writes decimals so; with a
/// comma in other languages the customer is asked. Where no unit was written, the language's own sign is a decimal,
/// and the other one is asked.
/// </summary>
internal static class DecimalSign
{
    /// <summary>Languages that write decimals with a comma.</summary>
    public static bool IsComma(IReadOnlySet<string> languages) => languages.Contains("es") || languages.Contains("pt");

    /// <summary>The number as it counts beside this measure.</summary>
    /// <param name="isSaid">The customer wrote the measure; else it is only what the product is sold by.</param>
    public static Token Settle(Token number, string measure, bool commaIsDecimal, bool isSaid = true)
    {
        if (number.AsDecimal is not { } asDecimal || measure is not ("kg" or "l")) return number;
        var isComma = number.Text.Contains(',', StringComparison.Ordinal);
        var isDecimal = isComma == commaIsDecimal || (isSaid && !isComma);
        if (isDecimal) number.Value = asDecimal;
        number.IsDoubtful = !isDecimal;
        return number;
    }
}
