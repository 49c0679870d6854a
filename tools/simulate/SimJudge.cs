using Sak.Agent.Database;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tools.Simulate;

/// <summary>
/// At rest: the model, the cloud and every replica hold the same rows, value by value; orders and stock are what
/// customers were told and people did.
/// </summary>
public sealed class SimJudge(SimServer server, SimModel model, SimTrade trade, IReadOnlyList<SimAgent> agents)
{
    private static readonly int Product = Tables.OrderLines.IndexOf("product_id");
    private static readonly int Status = Tables.Orders.IndexOf("status");

    public async Task JudgeAsync(CancellationToken cancel)
    {
        var cloud = await CloudAsync(cancel);
        Compare("the model", model.Rows.ToDictionary(r => r.Key, r => (r.Value, 0L)), "the cloud", cloud,
            versions: false);
        foreach (var agent in agents)
        {
            Compare("the cloud", cloud, $"replica {agent.Name}", await ReplicaAsync(agent, cancel), versions: true);
            var orphans = await agent.ReadAsync(c => c.List("PRAGMA foreign_key_check", r => r.GetString(0)), cancel);
            if (orphans.Count > 0)
                throw Failed(
                    $"Replica {agent.Name} has rows of {string.Join(", ", orphans.Distinct())} without their parents");
        }

        Orders(cloud);
        Stock(cloud);
    }

    private async Task<Dictionary<(Table Table, string Id), (object?[] Values, long Ver)>> CloudAsync(
        CancellationToken cancel)
    {
        await using var db = server.Database();
        using var answer = new MemoryStream();
        var head = new SyncHead(Protocol.Version, Tables.SchemaVersion, Guid.Empty, 0, false, null, 0);
        await new PullChanges(db.Connection).WriteAsync(new AnswerWriter(answer), server.Shop, head,
            WireTable.Of(Tables.SchemaVersion), null, cancel);
        answer.Position = 0;
        var rows = new Dictionary<(Table, string), (object?[], long)>();
        await foreach (var line in SyncWire.ReadAnswerAsync(answer, cancel))
            if (line is AnswerLine.Row row)
                rows.Add((row.Table, (string)row.Values[0]!), ([.. row.Values], row.Version));
        return rows;
    }

    private static Task<Dictionary<(Table Table, string Id), (object?[] Values, long Ver)>> ReplicaAsync(
        SimAgent agent, CancellationToken cancel) =>
        agent.ReadAsync(
            connection =>
            {
                var rows = new Dictionary<(Table Table, string Id), (object?[] Values, long Ver)>();
                foreach (var table in Tables.All)
                {
                    var width = table.Columns.Count;
                    foreach (var (values, ver) in connection.List(
                        $"SELECT {string.Join(", ", table.Columns.Select(c => c.Name))}, ver FROM {table.Name}",
                        r => (Enumerable.Range(0, width).Select(i => r.IsDBNull(i) ? null : r.GetValue(i))
                            .ToArray(), r.GetInt64(width))))
                        rows.Add((table, (string)values[0]!), (values, ver));
                }

                return rows;
            },
            cancel);

    private static void Compare(
        string expectedName,
        Dictionary<(Table Table, string Id), (object?[] Values, long Ver)> expected,
        string name,
        Dictionary<(Table Table, string Id), (object?[] Values, long Ver)> actual,
        bool versions)
    {
        foreach (var (key, row) in expected)
        {
            if (!actual.TryGetValue(key, out var other))
                throw Failed($"{key.Table.Name} {key.Id} is in {expectedName} and not in {name}");
            for (var i = 0; i < row.Values.Length; i++)
                if (!Equals(row.Values[i], other.Values[i]))
                    throw Failed(
                        $"{key.Table.Columns[i].Name} of {key.Table.Name} {key.Id} is \"{row.Values[i]}\" in "
                            + $"{expectedName} and \"{other.Values[i]}\" in {name}");
            if (versions && row.Ver != other.Ver)
                throw Failed(
                    $"{key.Table.Name} {key.Id} has version {row.Ver} in {expectedName} and {other.Ver} in {name}");
        }

        foreach (var key in actual.Keys.Where(k => !expected.ContainsKey(k)))
            throw Failed($"{key.Table.Name} {key.Id} is in {name} and not in {expectedName}");
    }

    // I2: each order that a customer was told is in the cloud once, with its lines, to the last digit.
    private void Orders(Dictionary<(Table Table, string Id), (object?[] Values, long Ver)> cloud)
    {
        foreach (var (order, lines) in trade.Told)
        {
            var number = Tables.Orders.Value(order, "number");
            if (!cloud.TryGetValue((Tables.Orders, (string)order[0]!), out var found))
                throw Failed($"Order {number} that was told is not in the cloud");
            if (!found.Values.Where((_, i) => i != Status).SequenceEqual(order.Where((_, i) => i != Status)))
                throw Failed($"Order {number} is not what was told");
            foreach (var line in lines)
                if (!cloud.TryGetValue((Tables.OrderLines, (string)line[0]!), out var stored)
                    || !IsTold(stored.Values, line))
                    throw Failed($"A line of order {number} is not what was told");
        }

        // A product that was made here and exists in the cloud has the cloud's id from then on.
        bool IsTold(object?[] stored, object?[] line) => stored.SequenceEqual(line)
            || (stored.Where((_, i) => i != Product).SequenceEqual(line.Where((_, i) => i != Product))
                && !cloud.ContainsKey((Tables.Products, (string)line[Product]!))
                && cloud.TryGetValue((Tables.Products, (string)stored[Product]!), out var product)
                && Equals(Tables.Products.Value(product.Values, "sku"), Tables.OrderLines.Value(line, "sku")));

        if (cloud.Keys.Count(k => k.Table == Tables.Orders) != trade.Told.Count)
            throw Failed("The cloud has an order that nobody was told");
        var numbers = cloud.Where(r => r.Key.Table == Tables.Orders)
            .Select(r => Tables.Orders.Value(r.Value.Values, "number")).ToList();
        if (numbers.Distinct().Count() < numbers.Count)
            throw Failed("An order number is there twice");
    }

    // I6: stock is the sum of its movements.
    private static void Stock(Dictionary<(Table Table, string Id), (object?[] Values, long Ver)> cloud)
    {
        var sums = cloud.Where(r => r.Key.Table == Tables.StockMovements)
            .GroupBy(r => (string)Tables.StockMovements.Value(r.Value.Values, "product_id")!)
            .ToDictionary(g => g.Key, g => g.Sum(r => (long)Tables.StockMovements.Value(r.Value.Values, "quantity")!));
        foreach (var (key, row) in cloud.Where(r => r.Key.Table == Tables.Products))
        {
            long? sum = sums.TryGetValue(key.Id, out var moved) ? moved : null;
            var stock = (long?)Tables.Products.Value(row.Values, "on_hand");
            if (stock != sum) throw Failed($"Stock of product {key.Id} is {stock}, its movements make {sum}");
        }
    }

    private static SimFailedException Failed(string what) => new(what + ".");
}
