using Sak.Sync.Reading.Names;

namespace Sak.Tests.Sync.Reading;

public class SkuFormTests
{
    private static readonly CatalogInMemory Catalog = new(
    [
        Grocer.Make("OIL-1", "Oil", "", "bottle", "", 100), Grocer.Make("AB-12", "A", "", "pcs", "", 100),
        Grocer.Make("A-B12", "B", "", "pcs", "", 100), Grocer.Make("चीनी-1", "C", "", "pcs", "", 100),
        Grocer.Make("++", "D", "", "pcs", "", 100), Grocer.Make("oil-2", "E", "", "pcs", "", 100),
        Grocer.Make("OIL-2", "F", "", "pcs", "", 100),
    ]);

    [Theory]
    [InlineData("OIL-1", "OIL-1")]
    [InlineData("oil-1", "OIL-1")]
    [InlineData("Oil 1", "OIL-1")]
    [InlineData("OIL1", "OIL-1")]
    [InlineData(" oil_1 ", "OIL-1")]
    [InlineData("OIL\u20111", "OIL-1")]
    [InlineData("oil–1", "OIL-1")]
    [InlineData("ＯＩＬ-1", "OIL-1")]
    [InlineData("ｏｉｌ－１", "OIL-1")]
    [InlineData("OIL-١", "OIL-1")]
    [InlineData("OIL-१", "OIL-1")]
    [InlineData("ÓIL-1", "OIL-1")]
    [InlineData("OIL\u200B-1", "OIL-1")]
    [InlineData("चीनी 1", "चीनी-1")]
    [InlineData("AB-12", "AB-12")]
    [InlineData("ab12", "A-B12 AB-12")]
    [InlineData("oil-2", "oil-2")]
    [InlineData("Oil-2", "OIL-2 oil-2")]
    [InlineData("++", "++")]
    [InlineData("+", "")]
    [InlineData("--", "")]
    [InlineData("OIL-11", "")]
    [InlineData("OIL", "")]
    [InlineData("FREE-CAR", "")]
    [InlineData("", "")]
    public async Task A_SKU_in_other_letters_is_the_same_SKU(string written, string found)
    {
        var products = await SkuForm.FindAsync([written], Catalog, TestContext.Current.CancellationToken);
        Assert.Equal(found, string.Join(' ', products[written].Select(p => p.Sku).Order(StringComparer.Ordinal)));
    }
}
