using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sak.Agent.Catalog;
using Sak.Agent.Commands;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Files;
using Sak.Sync.Replica;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Sync.Files;

/// <summary>The PC and the cloud are given the same files: they take the same and refuse the rest in the same words.
/// </summary>
public sealed class SameVerdictTests : IAsyncLifetime
{
    private const string Catalog = "sku,name,aliases,unit,pack,price,tax_rate,stock,active";
    private const string Rules = "kind,sku,pack,customer,from_quantity,price,percent,cap,from_amount,from,until";
    private readonly Folder _folder = new();
    private TestServer _server = null!;
    private HttpClient _owner = null!;
    private ReplicaDb _db = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> CatalogRows => new()
    {
        { "S-1,Soap,,pcs,,1.00,,,", "" },
        { "S-1,Soap,a| b ||c,PCS,BOX:10;ctn:100,1,5.25,2.125,YES", "" },
        { "S-1,\"Soap, white\",,pcs,,1.00,0,0,no", "" },
        { new string('S', RowRules.MaxSku) + ",Soap,,pcs,,1.00,,,", "" },
        { "S-1,Soap,,pcs,,1.00,,,\nS-2,Oil,,pcs,,2.00,,,", "" },
        { "S-1,Soap,,pcs,,1000000000000,100,1000000000,1", "" },
        { new string('S', RowRules.MaxSku + 1) + ",Soap,,pcs,,1.00,,,", "line 2: sku is longer than 100 characters" },
        { "S-1," + new string('n', 201) + ",,pcs,,1.00,,,", "line 2: name is longer than 200 characters" },
        { "S-1,Soap," + new string('a', 4001) + ",pcs,,1.00,,,",
            "line 2: aliases is longer than 4000 characters" },
        { "S-1,Soap,," + new string('u', 33) + ",,1.00,,,", "line 2: unit is longer than 32 characters" },
        { ",,,,,,,,", "line 2: sku is empty\nline 2: name is empty\nline 2: unit is empty; write the unit that the "
            + "price is for, such as pcs or kg\nline 2: price \"\" is not an amount in INR; write it with a dot "
                + "and at most "
            + "2 decimals, such as 12.50" },
        { "S-1,So\u0000ap,,pcs,,1.00,,,", "line 2: name holds a control character or a line break" },
        { "S-1,\"So\nap\",,pcs,,1.00,,,", "line 3: name holds a control character or a line break" },
        { "S-1,Soap,,pcs,,1.00,,+5,", "line 2: stock \"+5\" is not a number of base units with at most three decimals, "
            + "such as 40 or 2.5" },
        { "S-1,Soap,,pcs,,1.00,,-5,", "line 2: stock \"-5\" is not a number of base units with at most three decimals, "
            + "such as 40 or 2.5" },
        { "S-1,Soap,,pcs,,1.00,101,,", "line 2: tax_rate \"101\" is not a percentage from 0 to 100 with at most two "
            + "decimals, such as 18 or 5.5" },
        { "S-1,Soap,,pcs,,-1,,,", "line 2: price \"-1\" is not an amount in INR; write it with a dot and at most 2 "
            + "decimals, such as 12.50" },
        { "S-1,Soap,,pcs,,1.00,,,perhaps", "line 2: active \"perhaps\" is neither yes nor no" },
        { "S-1,Soap,,pcs,box,1.00,,,", "line 2: pack \"box\" is not of the form name:number, for example ctn:12" },
        { "S-1,Soap,,pcs,PCS:12,1.00,,,", "line 2: pack \"pcs\" has the name of the unit itself" },
        { "S-1,Soap,,pcs,,1.00,,,\nS-1,Oil,,pcs,,2.00,,,", "line 3: sku S-1 is on line 2 too" },
        { "S-1,Soap,,pcs,,1,145.00,,,", "line 2: has 10 cells, the header names 9; put a text with a comma into "
            + "quotes, and write 1145.00 for 1,145.00" },
        { "S-1,\"So\"ap,,pcs,,1.00,,,", "line 2: a quote is in the wrong place or has no end; double it (\"\") inside "
            + "quotes" },
        { "S-1,\"" + new string('a', 70_000) + ",,pcs,,1.00,,,",
            "line 2: a cell is longer than 65536 characters; a quote before it may have no end" },
    };

    public static TheoryData<string, string> Headers => new()
    {
        { "\uFEFFSKU, Name ,Aliases,Unit,Pack,Price,,", "" },
        { "\"\uFEFFsku\",name,aliases,unit,pack,price", "" },
        { "sku,name,aliases,unit,pack,prise", "line 1: names \"prise\", which no column is called; the first line "
            + "names sku,name,aliases,unit,pack,price and, where wanted, tax_rate,stock,active" },
        { "sku,name,aliases,unit,pack,price,price", "line 1: names \"price\" twice; leave one of the two" },
        { "sku,name,aliases,unit,pack", "line 1: lacks the column price; the first line names "
            + "sku,name,aliases,unit,pack,price and, where wanted, tax_rate,stock,active" },
        { "", "line 1: the file is empty; the first line names sku,name,aliases,unit,pack,price and, where wanted, "
            + "tax_rate,stock,active" },
    };

    public static TheoryData<string, string> RuleRows => new()
    {
        { "price,S-1,,,,1.00,,,,,", "" },
        { "price,S-1,ctn,,999999.999,1000000000000,,,,1970-01-02,2199-12-29", "" },
        { "discount,,,,,,100,1000000000000,1000000000000,,", "" },
        { "PRICE,S-1,,,,1.00,,,,,\ntax,S-1,,,,inclusive,,,,,", "" },
        { "price,NO-1,,,,1.00,,,,,", "line 2: there is no product with the sku \"NO-1\"" },
        { "price,S\u0000-1,,,,1.00,,,,,", "line 2: sku holds a control character or a line break" },
        { "price,S-1,box,,,1.00,,,,,", "line 2: S-1 has no pack \"box\"" },
        { "price,S-1,,Nobody,,1.00,,,,,", "line 2: there is no customer \"Nobody\"" },
        { "price,S-1,,,,,,,,,\ngift,S-1,,,,,,,,,",
            "line 2: price is empty\nline 3: kind \"gift\" is none of price, discount, tax" },
        { "price,S-1,,,,1,145.00,,,,,", "line 2: has 12 cells, the header names 11; put a text with a comma into "
            + "quotes, and write 1145.00 for 1,145.00" },
        { "price,S-1,,,,1.00,,,,,\"no end", "line 3: a quote is in the wrong place or has no end; double it (\"\") "
            + "inside quotes" },
        { "", "the file has no rules; to end all that you have, give it one line whose until is past" },
    };

    public async ValueTask InitializeAsync()
    {
        _db = OpenReplica.At(_folder.File("shop.db"), TimeProvider.System);
        _server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, _) = await _server.AddShopAsync();
        _owner = await _server.AddKeyAsync(key.Shop, "owner");
    }

    [Theory, MemberData(nameof(CatalogRows))]
    public async Task A_row_of_a_catalog_is_judged_alike(string rows, string faults) =>
        await CatalogAsync($"{Catalog}\n{rows}\n", faults, rows.Split('\n').Length);

    [Theory, MemberData(nameof(Headers))]
    public async Task A_header_of_a_catalog_is_judged_alike(string header, string faults) =>
        await CatalogAsync(header.Length == 0 ? "" : $"{header}\nS-1,Soap,,pcs,,1.00\n", faults, 1);

    [Theory, MemberData(nameof(RuleRows))]
    public async Task A_line_of_price_rules_is_judged_alike(string rows, string faults)
    {
        await CatalogAsync($"{Catalog}\nS-1,Soap,,pcs,ctn:12,1.00,,,\n", "", 1);
        var file = $"{Rules}\n{rows}\n";
        var here = await HereAsync(async () =>
            (await PriceRuleImport.RunAsync(_db, new StringReader(file), "INR", TimeProvider.System, Cancel)).Begun);
        var (taken, there) = await ThereAsync("/api/price-rules/import", "begun", file);

        Assert.Equal((faults, faults), (here.Faults, there));
        Assert.Equal(here.Taken, taken);
        Assert.Equal(faults.Length == 0 ? rows.Split('\n').Length : 0, taken);
    }

    [Theory]
    [InlineData(0xE9, 0x20)]
    [InlineData(0xC3, 0x28)]
    public async Task A_file_that_is_not_utf8_is_refused_alike_with_and_without_a_byte_order_mark(byte first,
        byte second)
    {
        foreach (byte[] mark in new byte[][] { [], [0xEF, 0xBB, 0xBF] })
        {
            byte[] file = [.. mark, .. Encoding.ASCII.GetBytes(Catalog + "\nS-1,So"), first, second,
                .. Encoding.ASCII.GetBytes("p,,pcs,,1.00,,,\n")];
            await File.WriteAllBytesAsync(_folder.File("c.csv"), file, Cancel);
            using var text = await CsvFile.ReadAsync(new FileInfo(_folder.File("c.csv")), Cancel);
            var here = await HereAsync(async () =>
                (await CatalogImport.RunAsync(_db, text, "INR", TimeProvider.System, Cancel)).Added);
            using var sent = new ByteArrayContent(file);

            Assert.Equal("line 1: the file is not UTF-8; save it as \"CSV UTF-8\"", here.Faults);
            Assert.Equal((0, here.Faults), await ThereAsync("/api/products/import", "added", sent));
        }
    }

    [Theory]
    [InlineData("S-1", "Soap\u001b[2J", "pcs", "1.00", 5.0, "name holds a control character or a line break")]
    [InlineData("S-1", "Soap", "pcs", "1,5", 5.0,
        "price \"1,5\" is not an amount in INR; write it with a dot and at most 2 decimals, such as 12.50")]
    [InlineData("S-1", "Soap", "pcs", "1.00", -5.0,
        "stock \"-5\" is not a number of base units with at most three decimals, such as 40 or 2.5")]
    public async Task A_product_saved_by_itself_is_judged_as_the_line_of_a_file(string sku, string name, string unit,
        string price, double stock, string fault)
    {
        using var response = await _owner.PutAsJsonAsync($"/api/products/{sku}", new { name, unit, price, stock },
            Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(fault, Faults(await response.Content.ReadAsStringAsync(Cancel)));
    }

    [Fact]
    public void What_a_file_may_hold_the_rows_of_the_cloud_take_too()
    {
        var cells = new Dictionary<string, string?> { ["sku"] = new('s', RowRules.MaxSku), ["name"] = new('n', 200),
            ["aliases"] = new('a', 4000), ["unit"] = new('u', 32), ["pack"] = "box:1000000",
            ["price"] = "1000000000000",
            ["tax_rate"] = "100", ["stock"] = "1000000000", ["active"] = "no" };
        foreach (var currency in new[] { "JPY", "INR", "KWD" })
        {
            var row = CatalogRow.Read(cells.GetValueOrDefault, currency, [])!;
            Assert.Null(RowRules.Fault(Tables.Products,
                [TestReplica.NewId(), row.Sku, row.Name, row.Aliases, row.Unit, row.Packs, row.Price, currency,
                    (long)row.TaxRate!, 0L, row.Stock], currency));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    private async Task CatalogAsync(string file, string faults, int rows)
    {
        var here = await HereAsync(async () =>
            (await CatalogImport.RunAsync(_db, new StringReader(file), "INR", TimeProvider.System,
                Cancel)).Added);
        var (taken, there) = await ThereAsync("/api/products/import", "added", file);

        Assert.Equal((faults, faults), (here.Faults, there));
        Assert.Equal(faults.Length == 0 ? rows : 0, taken);
        Assert.Equal(here.Taken, taken);
    }

    private static async Task<(int Taken, string Faults)> HereAsync(Func<Task<int>> import)
    {
        try
        {
            return (await import(), "");
        }
        catch (ImportException refused)
        {
            // After "Nothing was imported; the file has 2 faults:".
            return (0, refused.Message[(refused.Message.IndexOf('\n') + 1)..]);
        }
    }

    private async Task<(int Taken, string Faults)> ThereAsync(string address, string counts, string file)
    {
        using var sent = new StringContent(file, Encoding.UTF8, "text/csv");
        return await ThereAsync(address, counts, sent);
    }

    private async Task<(int Taken, string Faults)> ThereAsync(string address, string counts, HttpContent file)
    {
        using var response = await _owner.PostAsync(address, file, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        return response.IsSuccessStatusCode
            ? (JsonDocument.Parse(text).RootElement.GetProperty(counts).GetInt32(), "")
            : (0, Faults(text));
    }

    private static string Faults(string problem) =>
        string.Join('\n',
            JsonDocument.Parse(problem).RootElement.GetProperty("faults").EnumerateArray().Select(f => f.GetString()));
}
