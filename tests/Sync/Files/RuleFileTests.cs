using Sak.Sync.Files;
using Sak.Sync.Model;

namespace Sak.Tests.Sync.Files;

/// <summary>What a file of price rules may contain, the same on both sides.</summary>
public class RuleFileTests
{
    private static readonly string[] Columns = [.. RuleFile.Columns];

    [Theory]
    [InlineData("discount,SOAP,,,,,5,,,,",
        "line 2: a discount rule has no sku, but \"SOAP\" stands there; leave it empty")]
    [InlineData("discount,,,,,9,5,,,,", "line 2: a discount rule has no price, but \"9\" stands there; leave it empty")]
    [InlineData("tax,SOAP,,Asha,,inclusive,,,,,",
        "line 2: a tax rule has no customer, but \"Asha\" stands there; leave it empty")]
    [InlineData("price,SOAP,,,,1.00,5,,,,",
        "line 2: a price rule has no percent, but \"5\" stands there; leave it empty")]
    [InlineData("price,SOAP,,,,1.00,,,,2026-12-31,2026-12-01", "line 2: from 2026-12-31 is after until 2026-12-01")]
    [InlineData("discount,,,,,,0.004,,,,", "line 2: percent \"0.004\" has more than 2 decimals")]
    [InlineData("price,SOAP,,,24.0009,1.00,,,,,", "line 2: from_quantity \"24.0009\" has more than 3 decimals")]
    [InlineData("tax,SOAP,,,,inclusive,,,,,\ntax,SOAP,,,,exclusive,,,,,",
        "line 3: line 2 says otherwise of SOAP for the same days")]
    [InlineData("tax,SOAP,,,,exclusive,,,,2026-05-31,\ntax,SOAP,,,,inclusive,,,,,2026-05-31",
        "line 3: line 2 says otherwise of SOAP for the same days")]
    [InlineData("", "The file has no rules; to end all that you have, give it one line whose until is past.")]
    public void A_rule_that_makes_no_sense_is_refused_and_never_made_into_another(string lines, string fault) =>
        Assert.Equal([fault], Read(lines).Faults);

    [Theory]
    [InlineData("tax,SOAP,,,,inclusive,,,,,2026-05-31\ntax,SOAP,,,,exclusive,,,,2026-06-01,")]
    [InlineData("tax,SOAP,,,,inclusive,,,,,\ntax,OIL,,,,exclusive,,,,,")]
    [InlineData("price,SOAP,,,0.125,1.00,,,,2026-12-01,2026-12-01\ndiscount,,,Asha,,,12.75,5,100,,2026-12-01")]
    public void A_rule_that_makes_sense_is_taken(string lines)
    {
        var file = Read(lines);
        Assert.Empty(file.Faults);
        Assert.Equal(2, file.Rules.Count);
    }

    private static RuleFile Read(string text) => RuleFile.Read(
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line, i) => Line(i + 2, line.Split(','))),
        new RuleNames(sku => new Product(Guid.Empty, sku, sku, [], "pcs", [], new Money(100, "INR"), 0),
            _ => Guid.AllBitsSet), "INR", TimeZoneInfo.Utc);

    private static RuleLine Line(int number, string[] fields) =>
        new(number, column => fields[Array.IndexOf(Columns, column)],
            new CsvHeader(Columns, RuleFile.Columns).FaultOf(fields));
}
