using Sak.Sync.Files;
using Sak.Sync.Model;

namespace Sak.Tests.Sync.Files;

/// <summary>What a file of price rules may say, on both sides alike.</summary>
public class PriceRuleFileTests
{
    private static readonly string[] Columns = [.. PriceRuleFile.Required, .. PriceRuleFile.Optional];

    [Theory]
    [InlineData("discount,SOAP,,,,,5,,,,",
        "line 2: a discount rule has no sku, but it is \"SOAP\"; leave it empty")]
    [InlineData("discount,,,,,9,5,,,,", "line 2: a discount rule has no price, but it is \"9\"; leave it empty")]
    [InlineData("tax,SOAP,,Asha,,inclusive,,,,,",
        "line 2: a tax rule has no customer, but it is \"Asha\"; leave it empty")]
    [InlineData("price,SOAP,,,,1.00,5,,,,",
        "line 2: a price rule has no percent, but it is \"5\"; leave it empty")]
    [InlineData("price,SOAP,,,,1.00,,,,2026-12-31,2026-12-01", "line 2: from 2026-12-31 is after until 2026-12-01")]
    [InlineData("discount,,,,,,0.004,,,,", "line 2: percent \"0.004\" has more than 2 decimals")]
    [InlineData("price,SOAP,,,24.0009,1.00,,,,,", "line 2: from_quantity \"24.0009\" has more than 3 decimals")]
    [InlineData("tax,SOAP,,,,inclusive,,,,,\ntax,SOAP,,,,exclusive,,,,,",
        "line 3: line 2 says the opposite for SOAP and the same days")]
    [InlineData("tax,SOAP,,,,exclusive,,,,2026-05-31,\ntax,SOAP,,,,inclusive,,,,,2026-05-31",
        "line 3: line 2 says the opposite for SOAP and the same days")]
    [InlineData("", "the file has no rules; to end all that you have, give it one line whose until is past")]
    public void A_rule_that_makes_no_sense_is_refused_and_never_made_into_another(string lines, string fault) =>
        Assert.Equal([fault], Read(lines).Faults.Kept);

    [Theory]
    [InlineData("tax,SOAP,,,,inclusive,,,,,2026-05-31\ntax,SOAP,,,,exclusive,,,,2026-06-01,")]
    [InlineData("tax,SOAP,,,,inclusive,,,,,\ntax,OIL,,,,exclusive,,,,,")]
    [InlineData("price,SOAP,,,0.125,1.00,,,,2026-12-01,2026-12-01\ndiscount,,,Asha,,,12.75,5,100,,2026-12-01")]
    public void A_rule_that_makes_sense_is_taken(string lines)
    {
        var file = Read(lines);
        Assert.Empty(file.Faults.Kept);
        Assert.Equal(2, file.Rules.Count);
    }

    private static PriceRuleFile Read(string text)
    {
        var header = new CsvHeader(Columns, Columns, []);
        var rows = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select((line, i) => header.Row(new CsvLine(i + 2, line.Split(',')))).ToList();
        return PriceRuleFile.Read(new CsvTable(rows, null),
            new RuleNames(sku => new Product(Guid.Empty, sku, sku, [], "pcs", [], new Money(100, "INR"), 0),
                _ => Guid.AllBitsSet), "INR", TimeZoneInfo.Utc);
    }
}
