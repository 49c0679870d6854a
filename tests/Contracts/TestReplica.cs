using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tests.Contracts;

/// <summary>The result of one exchange.</summary>
public sealed record Exchanged(HttpStatusCode Status, IReadOnlyList<AnswerLine> Lines, string Problem)
{
    public BatchAnswer Batch => Lines.OfType<AnswerLine.Answered>().Single().Answer;
    public AnswerLine.Mark Mark => Lines.OfType<AnswerLine.Mark>().Single();
    public IEnumerable<AnswerLine.Row> Rows(Table table) => Lines.OfType<AnswerLine.Row>().Where(r => r.Table == table);
    public object? Value(Table table, string id, string column) =>
        Rows(table).Single(r => (string)r.Values[0]! == id).Values[table.IndexOf(column)];
}

/// <summary>A replica in memory that uses the wire format; keeps its watermark like an agent.</summary>
public sealed class TestReplica(HttpClient client)
{
    private long _change;

    public Guid Id { get; } = Guid.CreateVersion7();

    public HttpClient Client => client;

    /// <summary>The server's address, when it differs from the client's.</summary>
    public Uri? Address { get; set; }

    public long Since { get; set; }
    public long Sequence { get; set; }
    public Batch? Last { get; private set; }

    /// <summary>The rows of this replica after applying the answers: (table, id) → version and values.</summary>
    public Dictionary<(string Table, string Id), (long Version, IReadOnlyList<object?> Values)> Rows { get; } = [];

    public object? Value(Table table, string id, string column) =>
        table.Value(Rows[(table.Name, id)].Values, column);

    public static string NewId() => Guid.CreateVersion7().ToString("D");

    /// <summary>A new row, by the names of its columns; the others are empty.</summary>
    public Change Insert(Table table, string id, params ReadOnlySpan<(string Column, object? Value)> values) =>
        new(++_change, table, ChangeKind.Insert, id, table.Row([("id", id), .. values]), []);

    public Change Update(Table table, string id, string column, object? old, object? now) =>
        new(++_change, table, ChangeKind.Update, id, [], [new ColumnChange(table.IndexOf(column), old, now)]);

    public Change Delete(Table table, string id) => new(++_change, table, ChangeKind.Delete, id, [], []);

    public Change Product(string id, string sku, long price = 235, string currency = "INR") =>
        Insert(Tables.Products, id, ("sku", sku), ("name", $"Product {sku}"), ("unit", "pcs"), ("packs", "ctn:12"),
            ("price", price), ("currency", currency), ("active", 1));

    public Change Customer(string id, string name = "Asha", string phone = "919800000001") =>
        Insert(Tables.Customers, id, ("phone", phone), ("chat_id", $"{phone}@c.us"), ("name", name),
            ("language", "en"), ("words", "{}"));

    public Change Movement(string product, long quantity, string reason, string? line = null) =>
        Insert(Tables.StockMovements, NewId(), ("product_id", product), ("quantity", quantity), ("reason", reason),
            ("order_line_id", line), ("at", 1_800_000_000_000L));

    /// <summary>The order's own row.</summary>
    public Change Head(string id, string number, string customer, long net, string status = "confirmed",
        long? gross = null) =>
        Insert(Tables.Orders, id, ("number", number), ("customer_id", customer), ("turn_id", NewId()),
            ("status", status), ("currency", "INR"), ("net", net), ("gross", gross ?? net), ("price_version", 1),
            ("placed_at", 1_800_000_000_000L));

    public IEnumerable<Change> Order(string id, string number, string customer, string product, int lines = 1,
        long quantity = 2_000)
    {
        yield return Head(id, number, customer, 470L * lines);
        for (var i = 0; i < lines; i++)
        {
            var line = NewId();
            yield return Insert(Tables.OrderLines, line, ("order_id", id), ("position", i), ("product_id", product),
                ("sku", "BD-1"), ("name", "Bread"), ("quantity", quantity), ("unit", "pcs"),
                ("asked_quantity", quantity), ("asked_unit", "pcs"), ("unit_price", 235), ("net", 470), ("gross", 470),
                ("message_id", "false_91_AB"), ("words", "2 bread"));
            yield return Movement(product, -quantity, "sold", line);
        }

        yield return Insert(Tables.OrderEvents, NewId(), ("order_id", id), ("kind", "confirmed"),
            ("at", 1_800_000_000_000L));
    }

    public Task<Exchanged> PushAsync(params IEnumerable<Change> changes)
    {
        Last = new Batch(Guid.CreateVersion7(), ++Sequence, [.. changes]);
        return ExchangeAsync(Last);
    }

    public Task<Exchanged> PullAsync(bool check = false) => ExchangeAsync(null, check);

    public async Task<Exchanged> ExchangeAsync(Batch? batch, bool check = false, string? encoding = null)
    {
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, Id, Since, check, batch?.Id,
            batch?.Sequence ?? 0);
        using var body = new MemoryStream();
        await SyncWire.WriteRequestAsync(body, head, batch, TestContext.Current.CancellationToken);
        var exchanged = await SendAsync(client, body.ToArray(), encoding, Address);
        if (exchanged.Status == HttpStatusCode.OK) Apply(exchanged, batch);
        return exchanged;
    }

    public static async Task<Exchanged> SendAsync(HttpClient client, byte[] body, string? encoding = null,
        Uri? address = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(Protocol.ContentType);
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        using var response = await client.PostAsync(
            address is null ? new Uri("/api/sync", UriKind.Relative) : new Uri(address, "/api/sync"), content,
            TestContext.Current.CancellationToken);
        var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent)
            return new Exchanged(response.StatusCode,
                await SyncWire.ReadAnswerAsync(stream, TestContext.Current.CancellationToken).ToListAsync(), "");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await JsonDocument.ParseAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEqual("", problem.RootElement.GetProperty("detail").GetString());
        return new Exchanged(response.StatusCode, [], problem.RootElement.GetProperty("type").GetString()!);
    }

    private void Apply(Exchanged exchanged, Batch? batch)
    {
        if (batch is not null)
        {
            var parked = exchanged.Batch.Refusals.Where(r => r.Kind == RefusalKind.Parked).Select(r => r.Sequence)
                .ToHashSet();
            foreach (var change in batch.Changes.Where(c => !parked.Contains(c.Sequence)))
                Settle(change, exchanged.Batch.Version);
        }

        foreach (var line in exchanged.Lines)
        {
            if (line is AnswerLine.Row row) Rows[(row.Table.Name, (string)row.Values[0]!)] = (row.Version, row.Values);
            if (line is AnswerLine.Gone gone) Rows.Remove((gone.Table.Name, gone.Id));
        }

        Since = exchanged.Mark.Version;
    }

    private void Settle(Change change, long version)
    {
        var key = (change.Table.Name, change.Id);
        switch (change.Kind)
        {
            case ChangeKind.Insert:
                Rows[key] = (version, change.Row);
                break;
            case ChangeKind.Update when Rows.TryGetValue(key, out var row):
                var values = row.Values.ToArray();
                foreach (var column in change.Columns) values[column.Column] = column.New;
                Rows[key] = (version, values);
                break;
            case ChangeKind.Delete:
                Rows.Remove(key);
                break;
        }
    }

    /// <summary>The sums that it would send to repair itself.</summary>
    public IReadOnlyList<TableSums> Sums() =>
    [
        .. Tables.All.Select(t => new TableSums(t.Name, [.. Enumerable.Range(0, RowHash.Buckets).Select(b =>
            Rows.Where(r => r.Key.Table == t.Name && RowHash.Bucket(r.Key.Id) == b)
                .Aggregate(0L, (x, r) => x ^ RowHash.Of(r.Key.Id, r.Value.Version)))])),
    ];

    /// <summary>The checksums that an agent would calculate.</summary>
    public IEnumerable<TableChecksum> Checksums() =>
        Tables.All.Select(t =>
        {
            var rows = Rows.Where(r => r.Key.Table == t.Name).ToList();
            return new TableChecksum(t.Name, rows.Count,
                rows.Aggregate(0L, (x, r) => x ^ RowHash.Of(r.Key.Id, r.Value.Version)));
        });
}
