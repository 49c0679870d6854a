using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Sync.Model;
using Sak.Tests.Sync.Reading;

namespace Sak.Tests.Agent.Catalog;

public sealed class CatalogIndexTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"sak-index-{Guid.NewGuid():N}.db");

    public CatalogIndexTests()
    {
        using var connection = Open();
        Execute(connection,
            """
            CREATE TABLE products (id TEXT PRIMARY KEY, sku TEXT, name TEXT, aliases TEXT, unit TEXT, packs TEXT,
              price INTEGER, currency TEXT, tax_rate INTEGER, active INTEGER, on_hand INTEGER, ver INTEGER) STRICT
            """);
        CatalogIndex.CreateSchema(connection);
        foreach (var product in Grocer.Catalog) Insert(connection, product);
        CatalogIndex.Refresh(connection);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        File.Delete(_file);
    }

    [Theory]
    [InlineData("oil", "G-1")]
    [InlineData("lentil", "G-5")]
    [InlineData("suger", "G-2")]
    [InlineData("masur", "G-5")]
    [InlineData("basmti", "G-3")]
    [InlineData("चीनी", "G-2")]
    [InlineData("السكر", "G-2")]
    [InlineData("शुगर", "G-2")]
    [InlineData("g8", "G-8")]
    public async Task A_product_is_found_by_any_of_its_words_and_by_misspelled_ones(string word, string sku) =>
        Assert.Contains(sku, await Find(word));

    [Fact]
    public async Task A_product_is_searchable_in_the_transaction_that_writes_it_and_gone_when_it_is_rolled_back()
    {
        using (var connection = Open())
        {
            using var transaction = connection.BeginTransaction();
            Insert(connection, Grocer.Make("G-9", "Umbrella Black", "", "pcs", "", 900), transaction);
            CatalogIndex.Follow(connection);
            Assert.False(CatalogIndex.IsBehind(connection));
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "SELECT count(*) FROM catalog_search WHERE catalog_search MATCH 'umbrella'";
            Assert.Equal(1L, command.ExecuteScalar());
            transaction.Rollback();
        }

        Assert.Empty(await Find("umbrella"));
    }

    [Fact]
    public async Task Many_products_at_once_do_not_hold_up_their_writer_and_are_found_by_the_next_search()
    {
        using (var connection = Open())
        {
            using (var transaction = connection.BeginTransaction())
            {
                for (var i = 0; i < 2_500; i++)
                    Insert(connection, Grocer.Make($"M-{i}", $"Umbrella {i}", "", "pcs", "", 900), transaction);
                CatalogIndex.Follow(connection);
                transaction.Commit();
            }

            Assert.True(CatalogIndex.IsBehind(connection));
        }

        Assert.Contains("M-2499", await Find("2499"));
        using (var connection = Open()) Assert.False(CatalogIndex.IsBehind(connection));
    }

    [Fact]
    public async Task A_change_by_a_program_that_does_not_know_the_index_is_found_too()
    {
        using (var connection = Open())
            Execute(connection, "UPDATE products SET name = 'Parasol', aliases = '' WHERE sku = 'G-1'");
        Assert.Equal(["G-1"], await Find("parasol"));
        Assert.DoesNotContain("G-1", await Find("oil"));
        using (var connection = Open()) Execute(connection, "UPDATE products SET active = 0 WHERE sku = 'G-1'");
        Assert.Empty(await Find("parasol"));
        using (var connection = Open()) Execute(connection, "DELETE FROM products WHERE sku = 'G-2'");
        Assert.DoesNotContain("G-2", await Find("sugar"));
    }

    [Fact]
    public async Task Products_that_were_there_before_the_index_are_found()
    {
        using (var connection = Open())
        {
            Execute(connection, "DELETE FROM catalog_dirty; DELETE FROM catalog_rows; DELETE FROM catalog_search;");
            CatalogIndex.CreateSchema(connection);
        }

        Assert.Contains("G-8", await Find("tea"));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("a\" OR \"b")]
    [InlineData("*")]
    [InlineData("NEAR")]
    [InlineData("")]
    [InlineData("🫠🫨")]
    [InlineData("\u200b")]
    [InlineData("\ud800")]
    [InlineData("Ꟶꟶ漢字")]
    [InlineData("'; DROP TABLE products; --")]
    public async Task Strange_words_are_only_words(string word) => Assert.NotNull(await Find(word));

    private async Task<List<string>> Find(string word) =>
        [.. (await new CatalogIndex(Open).FindAsync([word], 20, TestContext.Current.CancellationToken)).Select(
            p => p.Sku)];

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_file}");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Insert(SqliteConnection connection, Product product, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText =
            "INSERT INTO products VALUES ($id, $sku, $name, $aliases, $unit, $packs, $price, $currency, $tax, 1, "
                + "NULL, 1)";
        command.Parameters.AddWithValue("$id",
            product.Id == Guid.Empty ? Guid.NewGuid().ToString() : product.Id.ToString());
        command.Parameters.AddWithValue("$sku", product.Sku);
        command.Parameters.AddWithValue("$name", product.Name);
        command.Parameters.AddWithValue("$aliases", string.Join('|', product.Aliases));
        command.Parameters.AddWithValue("$unit", product.Unit);
        command.Parameters.AddWithValue("$packs", Product.WritePacks(product.Packs));
        command.Parameters.AddWithValue("$price", product.Price.Minor);
        command.Parameters.AddWithValue("$currency", product.Price.Currency);
        command.Parameters.AddWithValue("$tax", product.TaxRate);
        command.ExecuteNonQuery();
    }
}
