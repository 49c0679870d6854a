using System.Text;
using Sak.Agent.Catalog;
using Sak.Agent.Commands;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Catalog;

/// <summary>
/// The owner's catalog file: its values are stored, missing ones stay as they are, and a doubtful file is refused
/// completely.
/// </summary>
public sealed class CatalogImportTests : IAsyncDisposable
{
    private const string Header = "sku,name,aliases,unit,pack,price\n";
    private readonly Folder _folder = new();
    private readonly ReplicaDb _db;

    public CatalogImportTests() => _db = OpenReplica.At(_folder.File("shop.db"), TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_file_does_not_say_a_known_product_keeps()
    {
        await ImportAsync("sku,name,aliases,unit,pack,price,tax_rate,stock,active\nOIL-1,Oil,,bottle,,145.00,5,7,no\n");

        Assert.Equal((0, 1), await ImportAsync(Header + "OIL-1,Oil,,bottle,,150.00\n"));
        Assert.Equal((15_000, 500, 0), await ProductAsync());
        Assert.Equal((0, 0),
            await ImportAsync("sku,name,aliases,unit,pack,price,tax_rate,active\nOIL-1,Oil,,bottle,,150.00,,\n"));
        Assert.Equal((15_000, 500, 0), await ProductAsync());
    }

    [Fact]
    public async Task A_new_product_is_for_sale_and_without_tax_until_the_file_says_otherwise()
    {
        Assert.Equal((1, 0), await ImportAsync(Header + "OIL-1,Oil,,bottle,,145.00\n"));

        Assert.Equal((14_500, 0, 1), await ProductAsync());
    }

    [Theory]
    [InlineData("sku,name,aliases,unit,pack,price\nOIL-1,Oil,,bottle,,1,145.00\n",
        "line 2: has 7 cells, the header names 6")]
    [InlineData("sku,name,aliases,unit,pack,price,tax_rat\nOIL-1,Oil,,bottle,,1.00,5\n",
        "names \"tax_rat\", which no column is called")]
    [InlineData("sku,name,aliases,unit,pack,price,price\nOIL-1,Oil,,bottle,,1.00,2.00\n", "names \"price\" twice")]
    [InlineData("sku,name,aliases,unit,pack\nOIL-1,Oil,,bottle,\n", "lacks the column price")]
    [InlineData("sku,name,aliases,unit,pack,price,active\nOIL-1,Oil,,bottle,,1.00,\"yes\nOIL-2,Oil,,bottle,,1.00,yes\n",
        "a quote is in the wrong place or has no end")]
    public async Task A_file_of_a_doubtful_form_is_refused_whole(string file, string fault)
    {
        Assert.Contains(fault, (await Assert.ThrowsAsync<ImportException>(() => ImportAsync(file))).Message,
            StringComparison.Ordinal);
        Assert.Equal(0, await _db.ReadAsync(c => c.Scalar<long>("SELECT count(*) FROM products"), Cancel));
    }

    [Fact]
    public async Task Empty_columns_that_a_spreadsheet_leaves_at_the_end_are_ignored_and_a_value_in_one_is_a_fault()
    {
        Assert.Equal((1, 0), await ImportAsync("sku,name,aliases,unit,pack,price,,\nOIL-1,Oil,,bottle,,145.00,,\n"));
        Assert.Contains(
            "line 2: has 7 cells, the header names 6",
            (await Assert.ThrowsAsync<ImportException>(
                () => ImportAsync("sku,name,aliases,unit,pack,price,,\nOIL-1,Oil,,bottle,,1,145.00,\n"))).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_names_of_the_columns_may_have_capitals() =>
        Assert.Equal((1, 0), await ImportAsync("SKU,Name,Aliases,Unit, Pack ,Price\nOIL-1,Oil,,bottle,,145.00\n"));

    [Theory]
    [InlineData("OIL\u00001,Oil,,bottle,,1.00,", "sku holds a control character")]
    [InlineData("OIL-1,Oil\u001b[2J,,bottle,,1.00,", "name holds a control character")]
    [InlineData("OIL-1,Oil,,bottle,,1.00,-5", "stock \"-5\" is not a number of base units")]
    [InlineData("OIL-1,Oil,,bottle,,1.00,4.55555", "at most three decimals")]
    [InlineData("OIL-1,Oil,,bottle,ctn:12;ctn:24,1.00,", "pack \"ctn\" stands twice")]
    [InlineData("OIL-1,Oil,,bottle,Bottle:12,1.00,", "pack \"bottle\" has the name of the unit itself")]
    public async Task What_the_cloud_would_refuse_or_no_one_could_mean_is_refused_here(string row, string fault) =>
        Assert.Contains(fault,
            (await Assert.ThrowsAsync<ImportException>(
                () => ImportAsync($"sku,name,aliases,unit,pack,price,stock\n{row}\n"))).Message,
                StringComparison.Ordinal);

    [Fact]
    public async Task A_file_that_is_not_utf8_is_refused_and_one_with_a_byte_order_mark_is_read()
    {
        var cafe = Header + "C-1,Café,,pcs,,1.00\n";
        Assert.Contains("line 1: the file is not UTF-8; save it as \"CSV UTF-8\"",
            (await Assert.ThrowsAsync<ImportException>(() => ImportAsync(Encoding.Latin1.GetBytes(cafe)))).Message,
            StringComparison.Ordinal);
        Assert.Contains("save it as",
            (await Assert.ThrowsAsync<ImportException>(
                () => ImportAsync([0xEF, 0xBB, 0xBF, .. Encoding.Latin1.GetBytes(cafe)]))).Message,
                StringComparison.Ordinal);

        Assert.Equal((1, 0), await ImportAsync([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(cafe)]));
    }

    [Fact]
    public async Task A_folder_or_a_file_that_is_not_there_is_told_as_what_it_is()
    {
        Assert.Contains("is a folder",
            (await Assert.ThrowsAsync<CommandException>(
                () => CsvFile.ReadAsync(new FileInfo(_folder.Path), Cancel))).Message, StringComparison.Ordinal);
        Assert.Contains("There is no file",
            (await Assert.ThrowsAsync<CommandException>(
                () => CsvFile.ReadAsync(new FileInfo(_folder.File("none.csv")), Cancel))).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_command_shows_holds_nothing_that_a_terminal_obeys()
    {
        Assert.Equal("Asha [[red]]", "\u001b[2J\u001b]0;title\u0007Asha\u0007 [red]".Shown());
        Assert.Equal("one\n    two", TerminalText.Lines("one\n    \u001b[31mtwo\u0007"));
    }

    private Task<(int Added, int Changed)> ImportAsync(string file) =>
        CatalogImport.RunAsync(_db, new StringReader(file), "INR", TimeProvider.System, Cancel);

    private async Task<(int Added, int Changed)> ImportAsync(byte[] file)
    {
        var path = new FileInfo(_folder.File("c.csv"));
        await File.WriteAllBytesAsync(path.FullName, file, Cancel);
        using var text = await CsvFile.ReadAsync(path, Cancel);
        return await CatalogImport.RunAsync(_db, text, "INR", TimeProvider.System, Cancel);
    }

    private Task<(long Price, long Tax, long Active)> ProductAsync() => _db.ReadAsync(
        c => c.List("SELECT price, tax_rate, active FROM products",
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))).Single(), Cancel);

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }
}
