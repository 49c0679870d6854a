using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sak.Server.Data;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Contracts;

/// <summary>Versions, sizes and broken bodies.</summary>
public abstract partial class SyncContract
{
    [Fact]
    public async Task A_request_that_is_cut_with_its_transaction_open_leaves_nothing_open_to_the_next()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (key, _) = await server.AddShopAsync();
        var services = new ServiceCollection();
        services.AddSakDb(server.Settings);
        await using var provider = services.BuildServiceProvider();
        for (var request = 0; request < 3; request++)
        {
            await using var scope = provider.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ShopConnection>();
            db.EnterAllShops();
            await ShopRead.VersionAsync(db, key.Shop, TestContext.Current.CancellationToken);
            Assert.Equal(System.Data.ConnectionState.Closed, db.Driver.State);
            db.Enter(key.Shop);
            await ShopWrite.BeginAsync(db, key.Shop, TestContext.Current.CancellationToken);
            if (request == 1) await db.Driver.CloseAsync(); // As one that broke.
        }
    }

    [Fact]
    public async Task A_newer_protocol_is_refused_with_426()
    {
        using var body = new MemoryStream();
        await SyncWire.WriteRequestAsync(body,
            new SyncHead(Protocol.Version + 1, Tables.SchemaVersion, _a.Id, 0, false, null, 0), null,
            TestContext.Current.CancellationToken);
        var answer = await TestReplica.SendAsync(_client, body.ToArray());
        Assert.Equal((HttpStatusCode.UpgradeRequired, SyncProblems.Version), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task An_agent_of_a_newer_schema_pushes_what_this_server_does_not_know_and_loses_nothing_else()
    {
        await SeedAsync();
        var id = TestReplica.NewId();
        var head = new HeadText(TestReplica.NewId(), ("loyalty", "id points"),
            ("customers", "id phone chat_id name language words birthday")) { Schema = Tables.SchemaVersion + 1 };
        var body = $$"""
            {{head}}
            [1,"i",1,"{{id}}","91","91@c.us","Bela","hi","{}","1990-01-01"]
            [1,"u",2,"{{_customer}}",6,null,"1980-01-01",3,"Asha","Asha B"]
            {"end":2}

            """;
        var answer = await TestReplica.SendAsync(_client, Encoding.UTF8.GetBytes(body));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Batch.Refusals);
        await _b.PullAsync();
        Assert.Equal("Bela", _b.Value(Tables.Customers, id, "name"));
        Assert.Equal("Asha B", _b.Value(Tables.Customers, _customer, "name"));
    }

    [Fact]
    public async Task Rows_of_a_table_that_only_a_newer_agent_knows_are_parked_in_words_and_its_orders_go_up()
    {
        await SeedAsync();
        var id = TestReplica.NewId();
        var head = new HeadText(TestReplica.NewId(), ("loyalty", "id points"),
            ("customers", "id phone chat_id name language words")) { Schema = Tables.SchemaVersion + 1 };
        var body = $$"""
            {{head}}
            [0,"i",1,"{{TestReplica.NewId()}}",12]
            [1,"i",1,"{{id}}","91","91@c.us","Bela","hi","{}"]
            [0,"d",1,"{{TestReplica.NewId()}}"]
            {"end":3}

            """;
        var answer = await TestReplica.SendAsync(_client, Encoding.UTF8.GetBytes(body));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal([(1L, RefusalKind.Parked), (3L, RefusalKind.Parked)],
            answer.Batch.Refusals.Select(r => (r.Sequence, r.Kind)));
        Assert.All(answer.Batch.Refusals, r => Assert.Contains("does not know the table \"loyalty\"", r.Reason));
        await _b.PullAsync();
        Assert.Equal("Bela", _b.Value(Tables.Customers, id, "name"));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e400")]
    [InlineData("99999999999999999999")]
    public async Task A_sum_that_is_no_whole_number_is_refused_in_words(string sum)
    {
        var head = new HeadText($"{_a.Id}") { Schema = Tables.SchemaVersion, Batch = "null", Sequence = "0",
            More = $"\"sums\":{{\"products\":[{sum}]}}" };
        var body = $"{head}\n{{\"end\":0}}\n";
        var answer = await TestReplica.SendAsync(_client, Encoding.UTF8.GetBytes(body));
        Assert.Equal((HttpStatusCode.BadRequest, SyncProblems.Malformed), (answer.Status, answer.Problem));
    }

    [Fact]
    public async Task An_agent_of_an_older_schema_gets_and_changes_only_the_columns_that_it_knows()
    {
        await SeedAsync();
        var replica = TestReplica.NewId();
        string Body(int sequence, string lines, int count) => $$"""
            {{new HeadText(replica, ("customers", "id phone chat_id name")) { Sequence = $"{sequence}" }}}
            {{lines}}
            {"end":{{count}}}

            """;
        await _b.PushAsync(_b.Update(Tables.Customers, _customer, "words", "{}", "{\"soap\":\"S-1\"}"));
        var answer = await TestReplica.SendAsync(_client,
            Encoding.UTF8.GetBytes(Body(1, $"[0,\"u\",1,\"{_customer}\",3,\"Asha\",\"Asha C\"]", 1)));
        Assert.Equal([0, 1, 2, 3], Assert.Single(answer.Lines.OfType<AnswerLine.Row>()).Columns);
        await _a.PullAsync();
        Assert.Equal(("Asha C", "{\"soap\":\"S-1\"}"),
            ((string?)_a.Value(Tables.Customers, _customer, "name"),
                (string?)_a.Value(Tables.Customers, _customer, "words")));
    }

    [Theory]
    [InlineData(3, "br", "br")]
    [InlineData(3, "gzip, br;q=0.5", "gzip")]
    [InlineData(3, "br;q=0", null)]
    [InlineData(2_000, "br", "br")]
    public async Task An_answer_is_packed_as_it_was_asked_for(int rows, string accepts, string? packed)
    {
        await _a.PushAsync(Enumerable.Range(0, rows).Select(i => _a.Product(TestReplica.NewId(), $"SKU-{i}")));
        var address = $"/api/sync?p={Protocol.Version}&s={Tables.SchemaVersion}&r={_b.Id:N}&v=0";
        using var request = new HttpRequestMessage(HttpMethod.Get,
            address) { Headers = { { "Accept-Encoding", accepts } } };
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
        Assert.Equal(packed, response.Content.Headers.ContentEncoding.SingleOrDefault());
        var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using var lines = packed switch { "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress), _ => body };
        Assert.Equal(rows,
            (await SyncWire.ReadAnswerAsync(lines, TestContext.Current.CancellationToken)
                .ToListAsync()).OfType<AnswerLine.Row>().Count());
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Compressed_bodies_are_read_and_bodies_that_only_say_so_are_refused(string encoding)
    {
        using var body = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, _a.Id, 0, false, Guid.NewGuid(), 1);
        await SyncWire.WriteRequestAsync(body, head, new Batch(head.BatchId!.Value, 1, [_a.Customer(_customer)]),
            TestContext.Current.CancellationToken);
        var lied = await TestReplica.SendAsync(_client, body.ToArray(), encoding);
        Assert.Equal((HttpStatusCode.BadRequest, SyncProblems.Malformed), (lied.Status, lied.Problem));
        var whole = Compress([body.ToArray()], encoding);
        var cut = await TestReplica.SendAsync(_client, whole[..^12], encoding);
        Assert.Equal((HttpStatusCode.BadRequest, SyncProblems.Malformed), (cut.Status, cut.Problem));
        Assert.Equal(0, await CountAsync(Tables.Customers));
        Assert.Equal(HttpStatusCode.OK, (await TestReplica.SendAsync(_client, whole, encoding)).Status);
        Assert.Equal(1, await CountAsync(Tables.Customers));
    }

    [Fact]
    public async Task A_zip_bomb_is_refused_and_changes_nothing()
    {
        using var body = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, _a.Id, 0, false, Guid.NewGuid(), 1);
        await SyncWire.WriteRequestAsync(body, head, null, TestContext.Current.CancellationToken);
        var first = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.ToArray()).Split('\n')[0] + "\n");
        var line = Encoding.UTF8.GetBytes("[0,\"d\",1,\"" + new string('a', 900_000) + "\"]\n");
        // Line by line: as one text it would take half a gigabyte in this process.
        var bomb = Compress([first, .. Enumerable.Repeat(line, 60)], "br");
        Assert.True(bomb.Length < 100_000);
        var answer = await TestReplica.SendAsync(_client, bomb, "br");
        Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge,
            $"{answer.Status}");
        Assert.Equal(0, await CountAsync(Tables.Customers));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_and_changes_nothing()
    {
        // Expect: 100-continue, because the server does not read 32 MB that it refuses.
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/api/sync") { Content = new ByteArrayContent(new byte[Protocol.MaxSyncBody + 1]) };
        request.Headers.ExpectContinue = true;
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("urn:sak:size",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_body_cut_anywhere_is_refused_and_changes_nothing()
    {
        using var body = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, _a.Id, 0, false, Guid.NewGuid(), 1);
        await SyncWire.WriteRequestAsync(body, head,
            new Batch(head.BatchId!.Value, 1, [_a.Customer(_customer), _a.Product(_product, "BD-1")]),
            TestContext.Current.CancellationToken);
        var whole = body.ToArray();
        for (var length = 0; length < whole.Length; length += 37)
        {
            var answer = await TestReplica.SendAsync(_client, whole[..length]);
            Assert.Equal((HttpStatusCode.BadRequest, SyncProblems.Malformed), (answer.Status, answer.Problem));
        }

        Assert.Equal(0, await CountAsync(Tables.Customers));
        Assert.Equal(HttpStatusCode.OK, (await TestReplica.SendAsync(_client, whole)).Status);
    }

    private static byte[] Compress(IEnumerable<byte[]> body, string encoding)
    {
        using var to = new MemoryStream();
        using (Stream stream = encoding == "br"
            ? new BrotliStream(to, CompressionLevel.Fastest)
            : new GZipStream(to, CompressionLevel.Fastest))
            foreach (var part in body) stream.Write(part);
        return to.ToArray();
    }
}
