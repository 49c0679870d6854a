using System.Text;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Sync.Wire;

public sealed class SyncWireTests
{
    private const string SomeReplica = "0198a000-0000-7000-8000-000000000001";
    private const string Start = "{\"protocol\":1,\"schema\":1,\"replica\":";
    private static readonly Guid Replica = Guid.Parse(SomeReplica);
    private static readonly string Id = "0198a000-0000-7000-8000-0000000000aa";

    private static SyncHead Head(bool batch = true) =>
        new(Protocol.Version, Tables.SchemaVersion, Replica, 41, true,
            batch ? Guid.Parse("0198a000-0000-7000-8000-0000000000b1") : null, batch ? 7 : 0);

    private static Change Insert(long sequence) =>
        new(sequence, Tables.Products, ChangeKind.Insert, Id,
            Tables.Products.Row(("id", Id), ("sku", "BD-1"), ("name", "नमक \"1 kg\"\n"), ("unit", "pcs"),
                ("price", 235), ("currency", "INR"), ("tax_rate", 1800), ("active", 1)), []);

    private static async Task<byte[]> WriteAsync(SyncHead head, Batch? batch)
    {
        using var to = new MemoryStream();
        await SyncWire.WriteRequestAsync(to, head, batch, TestContext.Current.CancellationToken);
        return to.ToArray();
    }

    private static async Task<(SyncRequest Request, List<Change> Changes)> ReadAsync(byte[] body)
    {
        var request = await SyncWire.ReadRequestAsync(new MemoryStream(body), TestContext.Current.CancellationToken);
        return (request, await request.Changes.ToListAsync());
    }

    private static Task<(SyncRequest Request, List<Change> Changes)> ReadAsync(string body) =>
        ReadAsync(Encoding.UTF8.GetBytes(body));

    [Fact]
    public async Task A_request_arrives_as_it_was_sent()
    {
        var update = new Change(12, Tables.Customers, ChangeKind.Update, Id, [],
            [new(1, "", "919800000001"), new(3, null, "Asha")]);
        var delete = new Change(13, Tables.Orders, ChangeKind.Delete, Id, [], []);
        var (request, changes) = await ReadAsync(
            await WriteAsync(Head(), new Batch(Guid.NewGuid(), 7, [Insert(9), update, delete])));

        Assert.Equal(Head(), request.Head);
        Assert.Equal(Tables.All, request.Tables.Select(t => t.Table));
        Assert.Equal([9L, 12L, 13L], changes.Select(c => c.Sequence));
        Assert.Equal(Insert(9).Row, changes[0].Row);
        Assert.Equal(Id, changes[0].Id);
        Assert.Equal((Tables.Customers, ChangeKind.Update), (changes[1].Table, changes[1].Kind));
        Assert.Equal(update.Columns, changes[1].Columns);
        Assert.Equal((Tables.Orders, ChangeKind.Delete, Id), (changes[2].Table, changes[2].Kind, changes[2].Id));
    }

    [Fact]
    public async Task Rows_of_every_value_arrive_as_they_were_sent()
    {
        object?[] values = ["", "a", "A", "é", "e\u0301", "\"", "\\", "\n", "1", "null", null, 0L, 1L, -1L,
            long.MaxValue];
        var random = new Random(7);
        var changes = Enumerable.Range(1, 2_000).Select(i =>
        {
            var table = random.Next(2) == 0 ? Tables.OrderLines : Tables.Customers;
            object?[] row = [Id, .. table.Columns.Skip(1).Select(_ => values[random.Next(values.Length)])];
            return new Change(i, table, ChangeKind.Insert, Id, row, []);
        }).ToList();
        var (_, read) = await ReadAsync(await WriteAsync(Head(), new Batch(Guid.NewGuid(), 7, changes)));
        Assert.All(changes.Zip(read), pair => Assert.Equal(pair.First.Row, pair.Second.Row));
    }

    [Fact]
    public async Task A_row_of_an_older_program_names_only_the_columns_that_it_has()
    {
        object?[] older = [.. Insert(9).Row];
        older[Tables.Products.IndexOf("tax_rate")] = Absent.Value;
        var (request, changes) = await ReadAsync(
            await WriteAsync(Head(),
                new Batch(Guid.NewGuid(), 7,
                    [Insert(9) with { Row = older }, Insert(10), Insert(11) with { Row = older }])));

        Assert.Equal([older, Insert(10).Row, older], changes.Select(c => c.Row));
        // The columns that the replica knows come first: they are the columns of the answer.
        var products = request.Tables.Where(t => t.Table == Tables.Products).ToList();
        Assert.Equal([Tables.Products.Columns.Count, Tables.Products.Columns.Count - 1],
            products.Select(t => t.Columns.Count));
    }

    [Fact]
    public async Task Without_a_batch_a_request_is_head_and_end()
    {
        var body = await WriteAsync(Head(batch: false), null);
        Assert.Equal(2, Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.EndsWith("{\"end\":0}\n", Encoding.UTF8.GetString(body));
        var (request, changes) = await ReadAsync(body);
        Assert.Null(request.Head.BatchId);
        Assert.Empty(changes);
    }

    [Fact]
    public async Task A_request_cut_at_any_byte_is_never_taken_for_a_whole_one()
    {
        var body = await WriteAsync(Head(), new Batch(Guid.NewGuid(), 7, [Insert(1), Insert(2)]));
        for (var length = 0; length < body.Length; length++)
            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(body[..length]));
    }

    [Fact]
    public async Task Columns_that_one_side_does_not_know_are_left_alone()
    {
        var (request, changes) = await ReadAsync($$"""
            {{new HeadText($"{Replica}", ("later", "id"), ("order_events", "id colour kind"))}}
            [1,"i",1,"{{Id}}","red","note"]
            [1,"u",2,"{{Id}}",1,"red","blue",2,"note","call"]
            {"end":2}

            """);

        Assert.Equal([0, Tables.OrderEvents.IndexOf("kind")], Assert.Single(request.Tables).Columns);
        Assert.Equal([Id, Absent.Value, "note", Absent.Value, Absent.Value], changes[0].Row);
        Assert.Equal(new ColumnChange(Tables.OrderEvents.IndexOf("kind"), "note", "call"),
            Assert.Single(changes[1].Columns));
    }

    [Theory]
    [InlineData("[9,\"i\",1]", "table 9")]
    [InlineData("[0,\"x\",1]", "not a kind")]
    [InlineData("[0,\"i\",1,\"a\"]", "too few")]
    [InlineData("[0,\"i\",1,\"a\",\"b\",\"c\"]", "too many")]
    [InlineData("[0,\"i\",1,\"a\",true]", "neither text")]
    [InlineData("[0,\"i\",1,\"a\",1.5]", "neither text")]
    [InlineData("[0,\"i\",1,\"a\",99999999999999999999]", "neither text")]
    [InlineData("[0,\"u\",1,\"a\",7,1,2]", "column's index")]
    [InlineData("[0,\"u\",1,\"a\",1,2]", "neither text")]
    [InlineData("[0,\"d\",1,\"a\",\"b\"]", "too many")]
    [InlineData("[0,\"d\",1,5]", "id is missing")]
    [InlineData("[0,\"d\",0,\"a\"]", "must rise")]
    [InlineData("[0,\"d\",-9223372036854775808,\"a\"]", "must rise")]
    [InlineData("hello", "not JSON")]
    [InlineData("[0,\"d\",1,\"a\"] x", "not JSON")]
    [InlineData("{\"end\":3}", "counts 3 changes")]
    [InlineData("{\"fin\":0}", "end")]
    public async Task A_bad_line_is_named_with_its_number_and_fault(string line, string fault)
    {
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync($$"""
            {{new HeadText($"{Replica}", ("products", "id sku")) { Batch = "null", Sequence = "0" }}}
            {{line}}
            {"end":1}

            """));
        Assert.StartsWith("Line 2:", e.Message);
        Assert.Contains(fault, e.Message);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"protocol\":\"1\"}")]
    [InlineData($"{Start}\"x\",\"since\":0,\"batchSequence\":0,\"tables\":[]}}")]
    [InlineData($"{Start}\"{SomeReplica}\",\"since\":-1,\"batchSequence\":0,\"tables\":[]}}")]
    [InlineData($"{Start}\"{SomeReplica}\",\"since\":0,\"batchSequence\":0,\"tables\":["
        + "{\"name\":\"products\",\"columns\":[\"sku\",\"id\"]}]}")]
    public async Task A_bad_head_is_refused_before_anything_else(string head)
    {
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(head + "\n{\"end\":0}\n"));
        Assert.StartsWith("Line 1:", e.Message);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_while_it_is_read()
    {
        var head = Encoding.UTF8.GetString(await WriteAsync(Head(), null)).Split('\n')[0] + "\n";
        var line = Encoding.UTF8.GetBytes("[0,\"d\",1,\"" + new string('a', 500_000) + "\"]\n");
        var body = new Repeating(Encoding.UTF8.GetBytes(head), line, 1000);
        var request = await SyncWire.ReadRequestAsync(body, TestContext.Current.CancellationToken);
        var e = await Assert.ThrowsAsync<InvalidDataException>(async () => await request.Changes.CountAsync());
        Assert.Contains("larger than", e.Message);
        Assert.True(body.Position < Protocol.MaxSyncBody + 2 * SyncWire.MaxLine);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_early()
    {
        var body = new Repeating([], Encoding.UTF8.GetBytes(new string('a', 100_000)), 1000);
        await Assert.ThrowsAsync<InvalidDataException>(
            () => SyncWire.ReadRequestAsync(body, TestContext.Current.CancellationToken));
        Assert.True(body.Position < 3 * SyncWire.MaxLine);
    }

    [Fact]
    public async Task An_answer_arrives_as_it_was_sent_and_ends_with_its_mark()
    {
        var sent = Answer();
        var came = await ReadAnswerAsync(await WriteAnswerAsync(sent));
        Assert.Equal(sent.Count, came.Count);
        var answer = Assert.IsType<AnswerLine.Answered>(came[0]).Answer;
        Assert.Equal(new Refusal(3, RefusalKind.Conflict, "price", "why"), Assert.Single(answer.Refusals));
        Assert.Equal([Id, "BD-1"], Assert.IsType<AnswerLine.Row>(came[1]).Values);
        Assert.Equal(1500, came.OfType<AnswerLine.Gone>().Count());
        var mark = Assert.IsType<AnswerLine.Mark>(came[^1]);
        Assert.Equal((99, 1502), (mark.Version, mark.Rows));
        Assert.Equal(new TableChecksum("products", 4, long.MinValue), Assert.Single(mark.Checksums!));
    }

    [Fact]
    public async Task An_answer_cut_at_any_byte_throws_and_never_shows_a_mark()
    {
        var body = await WriteAnswerAsync(
            [.. Answer().Where(l => l is not AnswerLine.Gone)
                .Select(l => l is AnswerLine.Mark m ? m with { Rows = 2 } : l)]);
        for (var length = 1; length < body.Length; length++)
            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAnswerAsync(body[..length]));
        Assert.Empty(await ReadAnswerAsync([]));
    }

    [Fact]
    public async Task An_answer_whose_rows_do_not_add_up_is_refused()
    {
        var body = await WriteAnswerAsync([Answer()[1], new AnswerLine.Mark(9, 2, null)]);
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAnswerAsync(body));
        Assert.Contains("counts 2 rows, 1 came", e.Message);
    }

    private static List<AnswerLine> Answer() =>
    [
        new AnswerLine.Answered(
            new BatchAnswer(Replica, 7, 12, [new Refusal(3, RefusalKind.Conflict, "price", "why")])),
        new AnswerLine.Row(Tables.Products, [0, 1], 12, [Id, "BD-1"]),
        .. Enumerable.Range(0, 1500).Select(i => new AnswerLine.Gone(Tables.Products, Id, i)),
        new AnswerLine.Row(Tables.Customers, [0, 3], 13, [Id, null]),
        new AnswerLine.Mark(99, 1502, [new TableChecksum("products", 4, long.MinValue)]),
    ];

    private static async Task<byte[]> WriteAnswerAsync(IReadOnlyList<AnswerLine> lines) =>
        (await AnswerBody.OfAsync(lines)).ToArray();

    private static async Task<List<AnswerLine>> ReadAnswerAsync(byte[] body) =>
        await SyncWire.ReadAnswerAsync(new MemoryStream(body), TestContext.Current.CancellationToken).ToListAsync();

    /// <summary>A body of any size that needs no memory.</summary>
    private sealed class Repeating(byte[] first, byte[] line, int times) : Stream
    {
        private long _at;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => first.Length + (long)line.Length * times;
        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var n = 0;
            for (; n < count && _at < Length; n++, _at++)
                buffer[offset + n] = _at < first.Length ? first[_at] : line[(_at - first.Length) % line.Length];
            return n;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
