using System.Text;
using Microsoft.EntityFrameworkCore;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Server.Data;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

/// <summary>
/// A column is declared once, gets one migration for each engine and one line of an upgrade of the agent's file. The
/// rest follows from the declaration, tried here with a copy of the tables that has a column more.
/// </summary>
public sealed class NewColumnTests : IDisposable
{
    private const string Old = "0198a000-0000-7000-8000-0000000000a1";
    private const string Young = "0198a000-0000-7000-8000-0000000000a2";
    private readonly Folder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_triggers_capture_it_and_the_wire_carries_it()
    {
        await using var db = OpenReplica.At(_folder.File("shop.db"), TimeProvider.System);
        await db.WriteAsync(c => { c.Execute(Insert(Old, "OIL")); }, Cancel);
        await db.WriteAsync(NewColumn.Upgrade, Cancel);
        await db.WriteAsync(
            c =>
            {
                c.Execute(Insert(Young, "TEA"));
                c.Execute("UPDATE products SET brand = 'Tata' WHERE sku = 'TEA'");
                c.Execute("UPDATE products SET brand = 'Lipton' WHERE sku = 'OIL'");
            },
            Cancel);

        await new SqliteReplica(db, TimeProvider.System).NextBatchAsync(Cancel);
        var batch = (await db.ReadAsync(c => ChangeLog.Waiting(c, NewColumn.All), Cancel))!;
        using var body = new MemoryStream();
        await SyncWire.WriteRequestAsync(body,
            new SyncHead(Protocol.Version, Tables.SchemaVersion + 1, Guid.NewGuid(), 0, false, batch.Id, 1), batch,
            Cancel);
        body.Position = 0;
        var changes = await (await SyncWire.ReadRequestAsync(body, NewColumn.All, Cancel)).Changes.ToListAsync(Cancel);

        Assert.Equal([(Old, Absent.Value), (Young, "")],
            changes.Take(2).Select(c => (c.Id, c.Row[NewColumn.Brand]!)));
        Assert.Equal(
            [(Young, new ColumnChange(NewColumn.Brand, "", "Tata")),
                (Old, new ColumnChange(NewColumn.Brand, "", "Lipton"))],
            changes.Skip(2).Select(c => (c.Id, c.Columns.Single())));
    }

    [Fact]
    public void The_merge_merges_it()
    {
        var cloud = NewColumn.Products.Row(("id", Old), ("brand", "Tata"));
        object?[] older = [.. cloud];
        older[NewColumn.Brand] = Absent.Value;

        var taken = Merge.Update(NewColumn.Products, cloud, [new(NewColumn.Brand, "Tata", "Lipton")]);
        var lost = Merge.Update(NewColumn.Products, cloud, [new(NewColumn.Brand, "", "Lipton")]);

        Assert.Equal("Lipton", taken.Values[NewColumn.Brand]);
        Assert.Equal("Tata", lost.Values[NewColumn.Brand]);
        Assert.Contains("brand", Merge.Reason(NewColumn.Products, Assert.Single(lost.Conflicts)));
        Assert.Equal("Tata", Merge.Insert(NewColumn.Products, cloud, older).Values[NewColumn.Brand]);
        Assert.Equal("", Merge.New(NewColumn.Products, older)[NewColumn.Brand]);
    }

    [Fact]
    public async Task The_servers_SQL_and_feed_use_it()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, _) = await server.AddShopAsync();
        await using var db = server.Database();
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE products ADD COLUMN brand TEXT NOT NULL DEFAULT ''", Cancel);
        StoredRow Product(string brand) => new(Young,
            NewColumn.Products.Row(("id", Young), ("sku", "TEA"), ("name", "Tea"), ("unit", "pack"), ("price", 100),
                ("currency", "INR"), ("active", 1), ("brand", brand)), 5, null);
        var found = new List<StoredRow>();
        await using (var write = await ShopWrite.BeginAsync(db.Connection, key.Shop, Cancel))
        {
            var rows = new RowSql(db.Connection, key.Shop);
            await rows.InsertAsync(NewColumn.Products, [Product("Tata")], Cancel);
            await rows.UpdateAsync(NewColumn.Products, [Product("Lipton")], Cancel);
            var questions = rows.Questions();
            questions.FindRows(NewColumn.Products, "id", [Young], found.Add);
            await questions.AskAsync(Cancel);
            await write.CommitAsync(true, Cancel);
        }

        Assert.Equal("Lipton", Assert.Single(found).Values[NewColumn.Brand]);
        Assert.EndsWith(",\"Lipton\"]\n", await FeedAsync(db, key.Shop));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> FeedAsync(SakDb db, Guid shop)
    {
        using var answer = new MemoryStream();
        using (var writer = new AnswerWriter(answer))
        {
            await using var moment = await ShopRead.BeginAsync(db.Connection, shop, null, Cancel);
            await new RowFeed(db.Connection, shop).PagesAsync(writer,
                new WireTable(NewColumn.Products, [.. Enumerable.Range(0, NewColumn.Products.Columns.Count)]), "", 1,
                Cancel);
            await writer.FlushAsync(Cancel);
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }

    private static string Insert(string id, string sku) =>
        $"INSERT INTO products (id, sku, name, aliases, unit, packs, price, currency, tax_rate, active) VALUES "
            + $"('{id}', '{sku}', '{sku}', '', 'can', '', 100, 'INR', 0, 1)";
}
