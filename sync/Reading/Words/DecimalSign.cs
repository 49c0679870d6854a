namespace Sak.Sync.Reading.Words;

/// <summary>
/// Whether "1.500" and "1,500" are one and a half or fifteen hundred. Kilos and litres are weighed and have decimals;
/// pieces, packs, grams and millilitres are counted in thousands. A comma in kilos is a decimal only where the language
/// writes it so; elsewhere, and where a language's own sign stands against the habit of weighing, it is asked.
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
