using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;

namespace Sak.Tests.Sync.Reading;

/// <summary>What WhatsApp, a copied chat, a web shop or another script writes around an order.</summary>
public class WrittenTests
{
    [Theory]
    [InlineData("~2 oil~ ~3 tea~ 4 oil", "OIL-1=4")]
    [InlineData("oil 5, ~sugar 4~, salt 2", "OIL-1=5 SAL-1=2")]
    [InlineData("*~5 oil~* 3 oil", "OIL-1=3")]
    [InlineData("~*5 oil*~ 3 oil", "OIL-1=3")]
    [InlineData("~5~ 3 oil", "OIL-1=3")]
    [InlineData("~5 aceite~ 3 aceite", "OIL-1=3")]
    [InlineData("~5 तेल~ 3 तेल", "OIL-1=3")]
    [InlineData("~٥ زيت~ ٣ زيت", "OIL-1=3")]
    [InlineData("~5 oil\u200B~ 3 oil", "OIL-1=3")]
    [InlineData("o\u0336i\u0336l\u0336 \u03365\u0336 salt 2", "SAL-1=2")]
    [InlineData("`5 oil`", "OIL-1=5")]
    [InlineData("```5 oil\n2 salt```", "OIL-1=5 SAL-1=2")]
    [InlineData("> 5 oil", "OIL-1=5")]
    [InlineData("- 5 oil\n- 2 salt", "OIL-1=5 SAL-1=2")]
    [InlineData("* 5 oil\n* 2 salt", "OIL-1=5 SAL-1=2")]
    [InlineData("• 5 oil\n• 2 salt", "OIL-1=5 SAL-1=2")]
    [InlineData("*oil* 5", "OIL-1=5")]
    [InlineData("_oil_: *5*", "OIL-1=5")]
    [InlineData("2*oil", "OIL-1=2")]
    [InlineData("oil*2", "OIL-1=2")]
    [InlineData("*5* *oil*", "OIL-1=5")]
    [InlineData("***5 oil***", "OIL-1=5")]
    [InlineData("_*5 oil*_", "OIL-1=5")]
    public async Task Struck_out_words_are_taken_back_and_other_marks_are_no_words(string text,
        string expected) => Assert.Equal(expected, await Read(text));

    [Theory]
    [InlineData("1.500 kg arroz", "RIC-1=1.5")]
    [InlineData("1,500 kg de arroz", "RIC-1=1.5")]
    [InlineData("0.750 kg rice", "RIC-1=0.75")]
    [InlineData("0,750 kg de queso", "CHE-1=0.75")]
    [InlineData("1,500 kg rice", "?")]
    [InlineData("١٫٥٠٠ كيلو رز", "RIC-1=1.5")]
    [InlineData("١٬٢٠٠ زيت", "OIL-1=1200")]
    [InlineData("1.5 kg chawal", "RIC-1=1.5")]
    [InlineData("१.५ किलो चावल", "RIC-1=1.5")]
    [InlineData("१.२५० किलो चावल", "RIC-1=1.25")]
    [InlineData("dedh kilo chawal", "RIC-1=1.5")]
    [InlineData("dhai kilo paneer", "CHE-1=2.5")]
    [InlineData("sava do kilo chawal", "RIC-1=2.25")]
    [InlineData("paune do kilo chawal", "RIC-1=1.75")]
    [InlineData("sadhe teen kilo chawal", "RIC-1=3.5")]
    [InlineData("साढ़े आठ किलो चावल", "RIC-1=8.5")]
    [InlineData("sadhe 3 kg chawal", "RIC-1=3.5")]
    [InlineData("dos kilos y medio de arroz", "RIC-1=2.5")]
    [InlineData("kilo y medio de queso", "CHE-1=1.5")]
    [InlineData("dois quilos e meio de arroz", "RIC-1=2.5")]
    [InlineData("um quilo e meio de queijo", "CHE-1=1.5")]
    [InlineData("كيلو ونص رز", "RIC-1=1.5")]
    [InlineData("2 كيلو ونص رز", "RIC-1=2.5")]
    [InlineData("½ kg cheese", "CHE-1=0.5")]
    [InlineData("½kg cheese", "CHE-1=0.5")]
    [InlineData("1 ½ kg rice", "RIC-1=1.5")]
    [InlineData("1 1/2 kg rice", "RIC-1=1.5")]
    [InlineData("1-1/2 kg rice", "RIC-1=1.5")]
    [InlineData("rice 2½ kg", "RIC-1=2.5")]
    [InlineData("¼ kg queso y 1¾ kg arroz", "CHE-1=0.25 RIC-1=1.75")]
    [InlineData("1.200 garrafas de óleo", "OIL-1=1200")]
    [InlineData("1,200 botellas de aceite", "OIL-1=1200")]
    [InlineData("2.500 l de leche", "MIL-1=2.5")]
    [InlineData("1,000 soap", "SOA-1=1000")]
    [InlineData("1.500 rice", "RIC-1=1.5")]
    [InlineData("2,000 tea", "TEA-1=2000")]
    [InlineData("harina de quinientos tres bolsas", "FLO-1=3")]
    [InlineData("farinha de quinhentos três sacos", "FLO-1=3")]
    [InlineData("1,20,000 soap", "?")]
    [InlineData("2.5 kg rice", "RIC-1=2.5")]
    [InlineData("1.5.2026 oil 3", "OIL-1=3")]
    public async Task A_decimal_sign_counts_by_language_script_and_unit_and_is_asked_where_both_may_be(string text,
        string expected) => Assert.Equal(expected, await Read(text));

    [Theory]
    [InlineData("1\uFE0F\u20E3 oil 5 2\uFE0F\u20E3 salt 3", "OIL-1=5 SAL-1=3")]
    [InlineData("❶ oil 5\n❷ salt 2", "OIL-1=5 SAL-1=2")]
    [InlineData("⑴ oil 5\n⑵ salt 2", "OIL-1=5 SAL-1=2")]
    [InlineData("(1) oil 5\n(2) salt 2", "OIL-1=5 SAL-1=2")]
    [InlineData("1) oil 5 2) salt 2", "OIL-1=5 SAL-1=2")]
    [InlineData("१. तेल ५\n२. नमक २", "OIL-1=5 SAL-1=2")]
    [InlineData("١- زيت ٥\n٢- ملح ٢", "OIL-1=5 SAL-1=2")]
    [InlineData("#1 oil 5\n#2 salt 2", "OIL-1=5 SAL-1=2")]
    [InlineData("a) oil 5\nb) salt 2", "OIL-1=5 SAL-1=2")]
    [InlineData("1. 5 oil\n2. 2 salt", "OIL-1=5 SAL-1=2")]
    [InlineData("1 oil\n2 salt", "OIL-1=1 SAL-1=2")]
    [InlineData("3\uFE0F\u20E3 oil 2\uFE0F\u20E3 salt", "OIL-1=3 SAL-1=2")]
    [InlineData("5\uFE0F\u20E3 aceite", "OIL-1=5")]
    [InlineData("oil 5\uFE0F\u20E3", "OIL-1=5")]
    [InlineData("🔟 oil", "OIL-1=10")]
    [InlineData("1\uFE0F\u20E3 Sunflower Oil 1 L - 5\n2\uFE0F\u20E3 Table Salt 1 kg - 3", "OIL-1=5 SAL-1=3")]
    [InlineData("1.oil 5\n2.salt 3", "OIL-1=5 SAL-1=3")]
    [InlineData("List:\n1. oil 5\n2. salt 3", "OIL-1=5 SAL-1=3")]
    [InlineData("1- oil - 5\n2- salt - 3", "OIL-1=5 SAL-1=3")]
    public async Task The_numbers_of_a_list_are_no_quantities(string text,
        string expected) => Assert.Equal(expected, await Read(text));

    [Theory]
    [InlineData("need 3 oil on 12/11/2026", "OIL-1=3")]
    [InlineData("3 oil 12.11.26", "OIL-1=3")]
    [InlineData("3 oil for 2026-11-12", "OIL-1=3")]
    [InlineData("3 oil on 12-11-26", "OIL-1=3")]
    [InlineData("3 oil on 5/12", "OIL-1=3")]
    [InlineData("3 oil 12 nov", "OIL-1=3")]
    [InlineData("3 oil by nov 12", "OIL-1=3")]
    [InlineData("3 oil on 12th november", "OIL-1=3")]
    [InlineData("3 oil on the 12th", "OIL-1=3")]
    [InlineData("3 aceite para el 12/11", "OIL-1=3")]
    [InlineData("3 aceite para el 12 de noviembre", "OIL-1=3")]
    [InlineData("3 óleo para dia 12/11", "OIL-1=3")]
    [InlineData("3 óleo dia 12 de novembro de 2026", "OIL-1=3")]
    [InlineData("3 तेल 12 तारीख को", "OIL-1=3")]
    [InlineData("12 november ko 3 tel bhejo", "OIL-1=3")]
    [InlineData("12/11 ko 3 tel", "OIL-1=3")]
    [InlineData("٣ زيت يوم ١٢/١١", "OIL-1=3")]
    [InlineData("3 زيت يوم 12 نوفمبر", "OIL-1=3")]
    [InlineData("oil 3 before 10:30", "OIL-1=3")]
    [InlineData("3 oil at 5.30pm", "OIL-1=3")]
    [InlineData("3 aceite a las 17h", "OIL-1=3")]
    [InlineData("3 óleo às 17h30", "OIL-1=3")]
    [InlineData("3 tel 5 baje tak", "OIL-1=3")]
    [InlineData("٣ زيت الساعة ٥", "OIL-1=3")]
    [InlineData("Nov 12, 2026: 3 oil", "OIL-1=3")]
    [InlineData("[12/11/26, 10:31:05 AM] Ana: 3 aceite", "OIL-1=3")]
    [InlineData("[12/11/26 10:31] Ana López: 3 aceite\n[12/11/26 10:32] Ana López: 2 sal", "OIL-1=3 SAL-1=2")]
    [InlineData("12/11/2026, 10:32 pm - +91 98000 00001: 3 oil", "OIL-1=3")]
    [InlineData("12/11/26 10:32 - Meera Shah: 3 oil", "OIL-1=3")]
    [InlineData("12.11.26, 10:32 - João: 3 óleo", "OIL-1=3")]
    [InlineData("[١٢/١١/٢٠٢٦، ١٠:٣٢ ص] أحمد: ٣ زيت", "OIL-1=3")]
    [InlineData("2026-11-12, 10:32 - Meera: oil 5", "OIL-1=5")]
    [InlineData("[10:32 am, 12/11/2026] Ravi: tel 3", "OIL-1=3")]
    [InlineData("12/11/26, 10:32 - Meera: oil 5\nsalt 2", "OIL-1=5 SAL-1=2")]
    [InlineData("https://maps.google.com/?q=24.71,46.67 2 oil", "OIL-1=2")]
    [InlineData("2 oil to 24.7136, 46.6753", "OIL-1=2")]
    [InlineData("ubicación: -34.6037,-58.3816 y 2 aceite", "OIL-1=2")]
    [InlineData("2 oil www.shop.com/item/33", "OIL-1=2")]
    [InlineData("2 oil, pay to ravi99@okaxis", "OIL-1=2")]
    [InlineData("24°42'49\"N 46°40'31\"E 2 oil", "OIL-1=2")]
    [InlineData("2 oil, pin 560034", "OIL-1=2")]
    [InlineData("2 oil flat 3B, 4th floor", "OIL-1=2")]
    [InlineData("2 oil, call 98000 00001", "OIL-1=2")]
    [InlineData("2 oil, account 1234 5678 9012 3456", "OIL-1=2")]
    [InlineData("2 oil IBAN ES91 2100 0418 4502 0005 1332", "OIL-1=2")]
    [InlineData("soap for my 5 year old, 2 pcs", "SOA-1=2")]
    [InlineData("2 oil, Calle Mayor 5", "OIL-1=2")]
    [InlineData("2 óleo, Rua das Flores 120 apto 33, CEP 01310-100", "OIL-1=2")]
    public async Task Dates_times_headers_links_places_and_accounts_count_nothing(string text,
        string expected) => Assert.Equal(expected, await Read(text));

    [Theory]
    [InlineData("Aceite\nCantidad: 3\nPrecio: 145,00\nSubtotal: 435,00\nSal\nCantidad: 2\nTotal: 483,00",
        "OIL-1=3 SAL-1=2")]
    [InlineData("Óleo\nQtd: 3\nValor: R$ 145,00\nTotal: R$ 435,00", "OIL-1=3")]
    [InlineData("तेल\nमात्रा: 3\nकीमत: 145", "OIL-1=3")]
    [InlineData("زيت\nالكمية: ٣\nالسعر: ١٤٥", "OIL-1=3")]
    [InlineData("Qty: 3\nItem: Sunflower Oil 1 L\nQty: 2\nItem: Table Salt 1 kg", "OIL-1=3 SAL-1=2")]
    [InlineData("Sunflower Oil 1 L (Qty: 3)", "OIL-1=3")]
    [InlineData("Sunflower Oil 1 L, Qty 3", "OIL-1=3")]
    [InlineData("oil qty 5, salt qty 2", "OIL-1=5 SAL-1=2")]
    [InlineData("Sunflower Oil 1 L\nQuantity 3\nPrice 145", "OIL-1=3")]
    [InlineData("Subtotal 90\n2 oil", "OIL-1=2")]
    [InlineData("Sunflower Oil 1 L x 3 = 435.00\nTotal 435.00", "OIL-1=3")]
    [InlineData("Sunflower Oil 1 L ₹145 x 3", "OIL-1=3")]
    [InlineData("3x Sunflower Oil 1 L (145.00)\nDelivery: 40\nTotal: 475", "OIL-1=3")]
    [InlineData("Order #1045\n- Sunflower Oil 1 L × 3\nName: Ravi\nPhone: 9800000001\nAddress: 12 MG Road",
        "OIL-1=3")]
    [InlineData("Pedido Nº 1045\n3 x Aceite\nTotal: 435", "OIL-1=3")]
    [InlineData("Unidades: 4\nProducto: aceite", "OIL-1=4")]
    [InlineData("Name: Ravi, 5 oil", "OIL-1=5")]
    [InlineData("Order: 5 oil, 2 salt", "OIL-1=5 SAL-1=2")]
    [InlineData("order: 5 oil", "OIL-1=5")]
    [InlineData("my order - 5 oil", "OIL-1=5")]
    [InlineData("pedido: 5 aceite", "OIL-1=5")]
    [InlineData("Items: 5 oil, 2 salt", "OIL-1=5 SAL-1=2")]
    [InlineData("delivery: 5 oil tomorrow", "OIL-1=5")]
    public async Task A_cart_of_a_web_shop_orders_its_quantities_and_none_of_its_amounts(string text,
        string expected) => Assert.Equal(expected, await Read(text));

    private static readonly CatalogInMemory Catalog = new(
    [
        Product("OIL-1", "Sunflower Oil 1 L", "oil|sunflower oil|aceite|óleo|زيت|tel|तेल", "bottle", "ctn:12"),
        Product("SUG-1", "White Sugar 1 kg", "sugar|azúcar|açúcar|سكر|cheeni|चीनी", "pack", "sack:25"),
        Product("RIC-1", "Basmati Rice loose", "rice|basmati|arroz|رز|chawal|चावल", "kg", "sack:40"),
        Product("CHE-1", "Minas Cheese loose", "cheese|queijo minas|queijo|queso|جبن|paneer|पनीर", "kg", ""),
        Product("TEA-1", "Red Label Tea 250 g", "tea|chai|té|chá|شاي|चाय", "pack", "ctn:24"),
        Product("SOA-1", "Neem Soap 100 g", "neem soap|soap|jabón|sabonete|صابون|sabun|साबुन", "pcs", "box:10;ctn:100"),
        Product("SAL-1", "Table Salt 1 kg", "salt|namak|sal|ملح|नमक", "pack", "sack:25"),
        Product("FLO-1", "Wheat Flour 500 g", "harina|flour|harina de trigo|farinha|دقيق|atta|आटा", "bag", ""),
        Product("MIL-1", "Milk loose", "milk|leche|leite|حليب|doodh|दूध", "l", ""),
    ]);

    private static Product Product(string sku, string name, string aliases, string unit, string packs) =>
        new(Ids.New(TimeProvider.System), sku, name, aliases.Split('|'), unit,
            Sak.Sync.Model.Product.ReadPacks(packs), new Money(100, "INR"), 0);

    /// <summary>"OIL-1=5 SAL-1=2" in base units, and "?" for each question.</summary>
    internal static async Task<string> Read(string text) => Lines(await ReadAsync(text));

    internal static Task<TurnReading> ReadAsync(params string[] texts) => OrderReader.ExplainAsync(
        Grocer.Request(BasketState.Empty, texts), Catalog, TestContext.Current.CancellationToken);

    internal static string Lines(TurnReading reading)
    {
        var lines = reading.Lines.Where(l => !l.IsOpen)
            .GroupBy(l => l.Product!.Sku, l => l.Product!.BaseUnitsIn(l.Unit!)!.Value * l.Quantity!.Value)
            .OrderBy(l => l.Key, StringComparer.Ordinal)
            .Select(l => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{l.Key}={l.Sum():0.###}"));
        return string.Join(' ', lines.Concat(reading.Lines.Where(l => l.IsOpen).Select(_ => "?")));
    }
}
