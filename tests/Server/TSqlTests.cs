using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Sak.Server.Data;
using Sak.Server.Data.Dialects;
using Sak.Server.Shops;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Contracts;
using Sak.Tests.Support;
using Sak.Tools;

namespace Sak.Tests.Server;

/// <summary>
/// The T-SQL of migrations, triggers, wall and statements, checked by Microsoft's own model (DacFx) as SQL Server 2016
/// would take it.
/// </summary>
public sealed partial class TSqlTests
{
    private static readonly Guid Shop = Guid.CreateVersion7();

    private sealed record CheckedSql(string Name, string Text);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_statement_for_SQL_Server_parses_names_what_is_there_and_uses_nothing_that_is_banned()
    {
        var statements = await StatementsAsync();
        Assert.True(statements.Count > 70, $"only {statements.Count} statements were recorded");
        var (code, output) = await CheckAsync(Model(), statements, Scripts());
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData("SELECT id, colour FROM products WHERE shop_id = @shop", "colour")]
    [InlineData("SELECT id FROM produkts", "produkts")]
    [InlineData("SELECT id FROM products WITH (UPDLOCK)", "hint")]
    [InlineData("MERGE products AS t USING orders AS s ON t.id = s.id WHEN MATCHED THEN DELETE;", "MERGE")]
    [InlineData("SELECT id FROM products OPTION (RECOMPILE)", "hint")]
    [InlineData("SELECT o.id FROM orders o INNER HASH JOIN products p ON p.id = o.id", "hint")]
    [InlineData("SELECT STRING_AGG(sku, N',') FROM products", "STRING_AGG")]
    [InlineData("SELECT id FROM products LIMIT 1", "LIMIT")]
    public async Task A_statement_that_is_wrong_is_found(string wrong, string found)
    {
        var (code, output) = await CheckAsync(Model(), [new CheckedSql("wrong", wrong)], []);
        Assert.Equal(1, code);
        Assert.Contains(found, output);
    }

    internal static StoredRow Row(Table table)
    {
        var id = TestReplica.NewId();
        return new StoredRow(id,
            [.. table.Columns.Select(
                (c, i) => i == 0 ? id : c.Nullable ? null
                    : c.Kind switch { ColumnKind.Id => TestReplica.NewId(), ColumnKind.Text => "x",
                        _ => (object)7L })], 9, null);
    }

    internal static SqlServerDb New(RecordingConnection driver)
    {
        var connection = new ShopConnection(new SqlServerDialect("Server=nowhere"), driver);
        connection.EnterAllShops();
        return new SqlServerDb(connection);
    }

    // The tables of the model, and what EF's model cannot express.
    private static List<CheckedSql> Model()
    {
        using var db = New(new RecordingConnection());
        var tables = Batches(db.Database.GenerateCreateScript());
        return
        [
            .. tables.Select((text, i) => new CheckedSql($"table or index {i}", text)),
            .. UnmodelledSchema.SqlServer().Select((text, i) => new CheckedSql($"trigger or wall {i}", text)),
        ];
    }

    private static List<CheckedSql> Scripts()
    {
        using var db = New(new RecordingConnection());
        return [.. Batches(db.GetService<IMigrator>().GenerateScript())
            .Select((text, i) => new CheckedSql($"migration batch {i}", text))];
    }

    private static IEnumerable<string> Batches(string script) =>
        Go().Split(script).Select(b => b.Trim()).Where(b => b.Length > 0);

    /// <summary>The server's statements for SQL Server, recorded by a connection that returns almost nothing.</summary>
    private static async Task<List<CheckedSql>> StatementsAsync()
    {
        var connection = new RecordingConnection();
        await using var db = New(connection);
        await FeedAsync(db, new RowFeed(db.Connection, Shop));
        await RowsAsync(new RowSql(db.Connection, Shop));
        await using (var write = await ShopWrite.BeginAsync(db.Connection, Shop, Cancel))
        {
            await using var known = PushChanges.StateOfReplica(db.Connection, Shop, Guid.NewGuid(), 7);
            await using (await known.ExecuteReaderAsync(Cancel))
            {
            }

            await PushChanges.KeepAsync(db.Connection, Shop, Guid.NewGuid(), new BatchAnswer(Guid.NewGuid(), 7, 7, []),
                TimeProvider.System.GetUtcNow(), Cancel);
            await write.CommitAsync(true, Cancel);
        }
        await TrimSync.TrimAsync(db.Connection, Shop, TimeProvider.System.GetUtcNow(), Cancel);
        await using (var look = Versions.Look(db.Connection, [$"{Shop}"])) connection.Statements.Add(look.CommandText);
        await SaveAsync(connection);
        foreach (var table in Tables.All)
            connection.Statements.Add(
                SqlServerRows.Update(Shop, table, [Row(table), Row(table), Row(table)]).CommandText);
        connection.Statements.AddRange(
            [ShopWall.SqlServerEnter(Shop), ShopWall.SqlServerEnter(null), ShopWall.SqlServerExists,
                SqlServerDialect.AllowsSnapshot, HoldNumber.Renew, HoldNumber.TakeOver, HoldNumber.BeFirst]);
        connection.Statements.AddRange(await EndpointStatements.RecordAsync(Shop, Cancel));
        return [.. connection.Statements.Distinct()
            .Select(s => new CheckedSql(s.ReplaceLineEndings(" ")[..Math.Min(s.Length, 60)], s))];
    }

    private static async Task FeedAsync(SakDb db, RowFeed feed)
    {
        using var to = new AnswerWriter(Stream.Null);
        var tables = WireTable.Of(Tables.SchemaVersion);
        await using (await ShopRead.BeginAsync(db.Connection, Shop,
            command => feed.AskNews(command, tables, 7, Guid.NewGuid()), Cancel))
            await feed.EverythingAsync(to, tables, Cancel);
        foreach (var table in tables)
        {
            await feed.PagesAsync(to, table, "", 7, Cancel);
            await feed.PagesAsync(to, table, TestReplica.NewId(), 7, Cancel);
            await feed.BucketsAsync(to, table, new HashSet<int>(), Cancel);
            await feed.CountAsync(table.Table, TestReplica.NewId(), Cancel);
            await foreach (var _ in feed.VersionsAsync(table.Table, Cancel)) Assert.Fail("nowhere has rows");
        }
    }

    private static async Task RowsAsync(RowSql rows)
    {
        var questions = rows.Questions();
        foreach (var table in Tables.All)
        {
            string[] ids = [TestReplica.NewId()];
            questions.FindRows(table, "id", ids, _ => { });
            questions.FindExisting(table, ids, _ => { });
            questions.FindDeleted(table, ids, _ => { });
            await rows.DeleteAsync(table, ids, Cancel);
            await rows.RemoveTombstonesAsync(table, ids, Cancel);
        }

        foreach (var (table, column) in new[] { (Tables.Products, "sku"), (Tables.Orders, "number") })
        {
            questions.FindRows(table, column, ["X"], _ => { });
            await rows.ReleaseUniqueAsync(table, column, [TestReplica.NewId()], Cancel);
        }

        await questions.AskAsync(Cancel);
    }

    // Many rows, because EF would use MERGE in batches.
    private static async Task SaveAsync(RecordingConnection connection)
    {
        var now = Enumerable.Range(0, 60);
        foreach (var rows in new object[][]
        {
            [.. now.Select(
                i => new TombstoneRow { ShopId = Shop, TableName = "products", Id = Guid.CreateVersion7(), Ver = i })],
            [.. now.Select(i => new ProductRow { ShopId = Shop, Id = Guid.CreateVersion7(), Sku = $"{i}", Ver = 1 })],
            [.. now.Select(i => new ReplyRow { ShopId = Shop, TurnId = Guid.CreateVersion7() })],
        })
        {
            await using var db = New(connection);
            db.AddRange(rows);
            // The recording connection reports no row counts, about which EF may complain after its statement.
            Assert.True(
                await Record.ExceptionAsync(() => db.SaveChangesAsync(Cancel)) is null or DbUpdateConcurrencyException);
        }
    }

    private static async Task<(int Code, string Output)> CheckAsync(IReadOnlyList<CheckedSql> model,
        IReadOnlyList<CheckedSql> statements, IReadOnlyList<CheckedSql> scripts)
    {
        var program = await BuiltAsync();
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [program]) { RedirectStandardInput = true, RedirectStandardOutput = true,
                RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var error = process.StandardError.ReadToEndAsync(Cancel);
        await process.StandardInput.WriteAsync(
            JsonSerializer.Serialize(new { model, statements, scripts }, JsonSerializerOptions.Web));
        process.StandardInput.Close();
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, $"{await output}{await error}");
    }

    private static readonly Lazy<Task<(int Code, string Output)>> Build = new(() => Child.RunAsync(
        "dotnet",
        ["build", Path.Combine(House.Root, "tools", "tsql"), "-c", House.Configuration, "-v", "q", "-clp:NoSummary"],
        House.Root, new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1" }));

    private static async Task<string> BuiltAsync()
    {
        var (code, output) = await Build.Value.WaitAsync(Cancel);
        // Without its packages there is nothing to check with; every other fault of the build fails the test.
        var missing = output.Split('\n').FirstOrDefault(line => line.Contains("NU1", StringComparison.Ordinal));
        Assert.SkipWhen(code != 0 && missing is not null, $"T-SQL: DacFx can't be restored here. {missing}");
        Assert.True(code == 0, output);
        return Path.Combine(House.Root, "tools", "tsql", "bin", House.Configuration, "net10.0", "sak-tsql.dll");
    }

    [GeneratedRegex(@"^GO\s*$", RegexOptions.Multiline)]
    private static partial Regex Go();
}
