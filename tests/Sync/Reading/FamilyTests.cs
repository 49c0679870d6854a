using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;

namespace Sak.Tests.Sync.Reading;

/// <summary>
/// Products of one family, units as people misspell them, and quantities that are left out or taken away.
/// </summary>
public class FamilyTests
{
    private static readonly IReadOnlyList<Product> Catalog =
    [
        Grocer.Make("SH-28", "School Shirt White 28", "school shirt 28", "pcs", "box:12", 300),
        Grocer.Make("SH-30", "School Shirt White 30", "school shirt 30", "pcs", "box:12", 310),
        Grocer.Make("SH-32", "School Shirt White 32", "school shirt 32", "pcs", "box:12", 320),
        Grocer.Make("TB-36", "Tinta Branca 3.6 L", "tinta branca 3.6", "tin", "", 800),
        Grocer.Make("TB-18", "Tinta Branca 18 L", "tinta branca 18", "tin", "", 2900),
        Grocer.Make("BM-8", "Hex Bolt M8", "bolt m8|tornillo m8", "pcs", "box:100", 20),
        Grocer.Make("BM-10", "Hex Bolt M10", "bolt m10|tornillo m10", "pcs", "box:100", 30),
        Grocer.Make("LB-60", "Incandescent Bulb 60 W", "bulb 60w", "pcs", "box:10", 22),
        Grocer.Make("LB-100", "Incandescent Bulb 100 W", "bulb 100w", "pcs", "box:10", 25),
        Grocer.Make("OT-1", "Olive Oil Tin 1 L", "olive oil 1 litre", "tin", "ctn:12", 1000),
        Grocer.Make("OT-4", "Olive Oil Tin 4 L", "olive oil 4 litre", "tin", "ctn:4", 3600),
        Grocer.Make("KU-L", "Cotton Kurta L", "kurta l", "pcs", "", 710),
        Grocer.Make("KU-XL", "Cotton Kurta XL", "kurta xl", "pcs", "", 720),
        Grocer.Make("SP-S", "Spark Plug Short", "bujía corta|short plug", "pcs", "box:10", 60),
        Grocer.Make("SP-L", "Spark Plug Long", "bujía larga|long plug", "pcs", "box:10", 70),
        Grocer.Make("EM-10", "Emulsion Paint 10 L", "emulsion 10", "bucket", "", 1500),
        Grocer.Make("EM-20", "Emulsion Paint 20 L", "emulsion 20", "bucket", "", 2800),
        Grocer.Make("SY-H", "Hazelnut Syrup", "", "bottle", "ctn:6", 500),
        Grocer.Make("SY-V", "Vanilla Syrup", "", "bottle", "ctn:6", 510),
        Grocer.Make("CO-H", "Hazelnut Coffee", "", "pack", "", 520),
        Grocer.Make("EG-30", "Eggs Tray of 30", "eggs|huevos|ovos|anda|अंडे|بيض", "tray", "", 180),
        Grocer.Make("PN-B", "Ball Pen Blue", "blue pen|pluma azul|caneta azul", "pcs", "box:20;ctn:500", 5),
        Grocer.Make("PN-R", "Ball Pen Red", "red pen|pluma roja|caneta vermelha", "pcs", "box:20;ctn:500", 6),
        Grocer.Make("OL-1", "Sunflower Oil 1 L", "sunflower oil|oil|aceite|óleo|tel|زيت", "bottle", "ctn:12", 145),
        Grocer.Make("SU-1", "Sugar 1 kg", "sugar|azúcar|açúcar|cheeni|चीनी|سكر", "pack", "sack:25", 52),
        Grocer.Make("NA-2", "Nails 2 inch", "nails 2 inch", "kg", "", 100),
        Grocer.Make("TE-1", "Veggie Burger", "", "pcs", "", 720),
        Grocer.Make("TE-2", "Chocolate Shake", "", "pcs", "", 410),
        Grocer.Make("TE-3", "Sweet Potato Fries", "", "pcs", "", 380),
    ];

    private static readonly IReadOnlyDictionary<string, Product> BySku = Catalog.ToDictionary(p => p.Sku);

    [Theory]
    [InlineData("school shirts 28 30 32, 6 each", "SH-28=6 SH-30=6 SH-32=6")]
    [InlineData("6 each of school shirts 28 30 32", "SH-28=6 SH-30=6 SH-32=6")]
    [InlineData("school shirts 28 (4) 30 (6) 32 (2)", "SH-28=4 SH-30=6 SH-32=2")]
    [InlineData("spark plugs: 2 short, 4 long", "SP-S=2 SP-L=4")]
    [InlineData("tinta branca: 2 da de 3,6 e 1 da de 18", "TB-36=2 TB-18=1")]
    [InlineData("bolts M8 200, M10 100", "BM-8=200 BM-10=100")]
    [InlineData("tornillos M8 200, M10 100", "BM-8=200 BM-10=100")]
    [InlineData("bulbs 4x 60w 2x 100w", "LB-60=4 LB-100=2")]
    [InlineData("olive oil: six tins of the one litre then two of the four", "OT-1=6 OT-4=2")]
    [InlineData("kurta XL 3 & L 5", "KU-XL=3 KU-L=5")]
    [InlineData("kurta XL-3 L-5", "KU-XL=3 KU-L=5")]
    [InlineData("un par de bujías cortas y las largas 4", "SP-S=2 SP-L=4")]
    [InlineData("2 hazelnut and 1 vanilla syrup", "SY-H=2 SY-V=1")]
    [InlineData("1 vanilla syrup and 2 hazelnut", "SY-V=1 SY-H=2")]
    public async Task A_family_is_carried_along_and_the_size_names_the_product(string text, string expected) =>
        Assert.Equal(expected, Lines(await Read(BasketState.Empty, text)));

    [Theory]
    [InlineData("LB-60", "4x 60w 2x 100w", "LB-60=4 LB-100=2")]
    [InlineData("OT-1", "3 of the 4 litre", "OT-1=2 OT-4=3")]
    [InlineData("EM-10", "2 of 20", "EM-10=2 EM-20=2")]
    [InlineData("SH-28", "30 - 6, 32 - 3", "SH-28=2 SH-30=6 SH-32=3")]
    public async Task A_size_alone_is_of_the_family_that_was_ordered_last(string sku, string text, string expected)
    {
        var before = With((sku, 2, BySku[sku].Unit));
        Assert.Equal(expected, Lines(await Read(before, text), before));
    }

    [Fact]
    public async Task Sizes_that_only_one_family_has_are_asked_with_what_has_them()
    {
        var reading = await Read(BasketState.Empty, "4x 60w 2x 100w");
        Assert.Equal(["LB-60", "LB-100"], reading.Lines.Select(l => Assert.Single(l.Candidates).Sku));
        Assert.Equal([4, 2], reading.Lines.Select(l => l.Quantity));
        Assert.All(reading.Lines, l => Assert.Equal(AskedFor.Product, l.Asks));
    }

    [Theory]
    [InlineData("2 emulsin 20", "EM-20=2")]
    [InlineData("emulsin 20 - 2", "EM-20=2")]
    [InlineData("spk plug short 4", "SP-S=4")]
    public async Task A_misspelled_or_clipped_head_with_a_right_size_is_found(string text, string expected) =>
        Assert.Equal(expected, Lines(await Read(BasketState.Empty, text)));

    [Theory]
    [InlineData("5 cartns oil", "OL-1=60")]
    [InlineData("oil 5 cartns", "OL-1=60")]
    [InlineData("3 bottels sunflower oil", "OL-1=3")]
    [InlineData("2 paqts sugar", "SU-1=2")]
    [InlineData("10 peices blue pen", "PN-B=10")]
    [InlineData("2 dozn blue pen", "PN-B=24")]
    [InlineData("3 kilogrms nails 2 inch", "NA-2=3")]
    [InlineData("2 cajass de pluma azul", "PN-B=40")]
    [InlineData("5 botelas de aceite", "OL-1=5")]
    [InlineData("3 paquets azucar", "SU-1=3")]
    [InlineData("4 caxas caneta azul", "PN-B=80")]
    public async Task A_misspelled_unit_is_that_unit(string text, string expected) =>
        Assert.Equal(expected, Lines(await Read(BasketState.Empty, text)));

    [Fact]
    public async Task A_word_that_a_product_has_is_no_misspelled_unit()
    {
        Product[] catalog = [.. Catalog, Grocer.Make("BO-1", "Botelas Oil Lamp", "", "pcs", "", 90)];
        var reading = await OrderReader.ExplainAsync(Grocer.Request(BasketState.Empty, "5 botelas oil"),
            new CatalogInMemory(catalog), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(reading.Lines, l => l.Product?.Sku == "OL-1");
        Assert.Single(reading.Lines);
    }

    [Theory]
    [InlineData("2 cajas de aceite", "OL-1=24")]
    [InlineData("3 cx oleo", "OL-1=36")]
    [InlineData("2 dabba tel", "OL-1=24")]
    public async Task A_box_of_what_only_comes_in_cartons_is_a_carton(string text, string expected) =>
        Assert.Equal(expected, Lines(await Read(BasketState.Empty, text)));

    [Theory]
    [InlineData("same as Monday but three trays fewer of the eggs")]
    [InlineData("same as last time but 3 trays less eggs")]
    [InlineData("lo mismo de la última vez pero tres bandejas menos de huevos")]
    [InlineData("o mesmo da última vez mas 3 bandejas a menos de ovos")]
    [InlineData("pichli baar wala hi bhejo par 3 tray kam anda")]
    [InlineData("पिछली बार वाला ही पर 3 ट्रे कम अंडे")]
    [InlineData("نفس الطلب السابق بس ناقص ٣ بيض")]
    public async Task Fewer_than_last_time_is_the_last_quantity_less_so_many(string text) =>
        Assert.Equal("EG-30=5 OL-1=3", Lines(await Again(text)));

    [Fact]
    public async Task Fewer_than_there_were_takes_all_out_and_never_below()
    {
        Assert.Equal("OL-1=3", Lines(await Again("same as last time but 10 trays fewer of the eggs")));
        var before = With(("EG-30", 8, "tray"), ("OL-1", 3, "bottle"));
        Assert.Equal("OL-1=3", Lines(await Read(before, "20 trays less eggs"), before));
    }

    [Theory]
    [InlineData("3 trays fewer of the eggs", 5)]
    [InlineData("2 less eggs", 6)]
    [InlineData("dos bandejas menos de huevos", 6)]
    [InlineData("2 tray kam karo anda", 6)]
    [InlineData("अंडे 2 ट्रे कम करो", 6)]
    public async Task Fewer_takes_a_part_of_the_basket_away(string text, int left)
    {
        var before = With(("EG-30", 8, "tray"));
        Assert.Equal($"EG-30={left}", Lines(await Read(before, text), before));
    }

    [Theory]
    [InlineData("of the pens it was 5 boxes not 3")]
    [InlineData("de las plumas eran 5 cajas no 3")]
    [InlineData("eram 5 caixas de caneta, não 3")]
    public async Task It_was_so_many_and_not_so_many_sets_the_quantity(string text)
    {
        var before = With(("PN-B", 60, "pcs"), ("EG-30", 8, "tray"));
        Assert.Equal("PN-B=100 EG-30=8", Lines(await Read(before, text), before));
    }

    [Theory]
    [InlineData("my neighbour bought 5 eggs not 3")]
    [InlineData("he took 5 boxes of blue pen not 3")]
    public async Task What_somebody_else_took_corrects_nothing(string text) =>
        Assert.Empty((await Read(BasketState.Empty, text)).Lines);

    [Theory]
    [InlineData("a veggie burger", "TE-1=1")]
    [InlineData("a veggie burger and an emulsion 20", "TE-1=1 EM-20=1")]
    [InlineData("un aceite", "OL-1=1")]
    [InlineData("una pluma azul", "PN-B=1")]
    [InlineData("uma caneta azul", "PN-B=1")]
    [InlineData("um óleo", "OL-1=1")]
    [InlineData("ek cheeni", "SU-1=1")]
    [InlineData("एक चीनी", "SU-1=1")]
    public async Task An_article_before_a_product_is_one(string text, string expected) =>
        Assert.Equal(expected, Lines(await Read(BasketState.Empty, text)));

    [Theory]
    [InlineData("can i get sweet potato fries")]
    [InlineData("veggie burger and sweet potato fries")]
    [InlineData("quiero aceite")]
    [InlineData("quero óleo")]
    [InlineData("cheeni bhejo")]
    [InlineData("ابغى سكر")]
    public async Task Without_a_number_it_is_asked_or_one_as_the_shop_has_set(string text)
    {
        var asked = await Read(BasketState.Empty, text);
        Assert.NotEmpty(asked.Lines);
        Assert.All(asked.Lines, l => Assert.Equal(AskedFor.Quantity, l.Asks));

        var ones = await Read(BasketState.Empty, QuantityMissing.One, text);
        Assert.Equal(asked.Lines.Select(l => l.Product), ones.Lines.Select(l => l.Product));
        Assert.All(ones.Lines, l => Assert.Equal((1m, null), (l.Quantity, l.Asks)));
    }

    [Theory]
    [InlineData("how much is the veggie burger?")]
    [InlineData("the sweet potato fries were great")]
    [InlineData("i had a veggie burger yesterday")]
    public async Task Where_a_missing_number_is_one_talk_still_orders_nothing(string text) =>
        Assert.Empty((await Read(BasketState.Empty, QuantityMissing.One, text)).Lines);

    [Theory]
    [InlineData("veggie burger without onions", "TE-1=1")]
    [InlineData("a veggie burger, no pickles", "TE-1=1")]
    [InlineData("one veggie burger hold the mayo and sweet potato fries", "TE-1=1 TE-3=1")]
    [InlineData("two veggie burgers with extra cheese", "TE-1=2")]
    [InlineData("a veggie burger with sweet potato fries", "TE-1=1 TE-3=1")]
    [InlineData("a large chocolate shake", "TE-2=1")]
    public async Task How_a_thing_is_wanted_is_neither_a_line_nor_a_question(string text, string expected)
    {
        var reading = await Read(BasketState.Empty, QuantityMissing.One, text);
        Assert.Equal(expected, Lines(reading));
        Assert.DoesNotContain(reading.Lines, l => l.IsOpen);
    }

    [Fact]
    public async Task Without_takes_out_what_was_ordered()
    {
        var before = With(("OL-1", 3, "bottle"), ("SU-1", 2, "pack"));
        Assert.Equal("OL-1=4 EG-30=1",
            Lines(await Read(before, "make it 4 oil, 1 tray eggs and no sugar"), before));
    }

    [Fact]
    public async Task Explain_shows_the_family_and_the_rule()
    {
        var steps = await OrderReader.StepsAsync(Grocer.Request(BasketState.Empty, "1 vanilla syrup and 2 hazelnut"),
            new CatalogInMemory(Catalog), TestContext.Current.CancellationToken);
        Assert.Contains(steps, s => s.StartsWith("pass \"left-out name\"", StringComparison.Ordinal)
            && s.Contains("(family \"vanilla syrup\")", StringComparison.Ordinal));
        Assert.Contains(steps, s => s.StartsWith("read: Add SY-H 2", StringComparison.Ordinal)
            && s.Contains("of the family", StringComparison.Ordinal));
    }

    private static Task<TurnReading> Read(BasketState basket, string text) => Read(basket, QuantityMissing.Ask, text);

    private static Task<TurnReading> Read(BasketState basket, QuantityMissing missing, string text) =>
        OrderReader.ExplainAsync(Grocer.Request(basket, text) with { QuantityMissing = missing },
            new CatalogInMemory(Catalog), TestContext.Current.CancellationToken);

    private static async Task<TurnReading> Again(string text)
    {
        var request = Grocer.Request(BasketState.Empty, text) with
        {
            LastOrder = With(("EG-30", 8, "tray"), ("OL-1", 3, "bottle")).Lines,
        };
        var reading = await OrderReader.ExplainAsync(request, new CatalogInMemory(Catalog),
            TestContext.Current.CancellationToken);
        Assert.Equal(Purpose.Reorder, reading.Purpose);
        return reading;
    }

    private static string Lines(TurnReading reading, BasketState? before = null) => string.Join(' ',
        Basket.Apply(before ?? BasketState.Empty, reading.ToReply().Intents, BySku).State.Lines
            .Select(l => $"{l.Sku}={l.BaseQuantity / 1000m:0.###}"));

    private static BasketState With(params (string Sku, decimal Quantity, string Unit)[] lines) =>
        BasketState.Empty with
        {
            Lines = [.. lines.Select(
                l => new BasketLine(l.Sku, l.Quantity, l.Unit, (long)(l.Quantity * 1000), "", "m"))],
        };
}
