using System.Globalization;
using System.Text.Json;
using CsvHelper;

namespace Sak.Tools.Demo;

/// <summary>
/// The result of the afternoon. Lost and Doubled count messages, orders and replies, on the PC, in the cloud and
/// in the file.
/// </summary>
public sealed record DemoResult(
    int MessagesCaptured,
    int RepliesSent,
    int OrdersAgent,
    int OrdersCloud,
    int Lost,
    int Doubled,
    bool TotalsMatch,
    int OutageOrders,
    string ExportFile,
    double Seconds,
    string Folder,
    int CloudKilledProcess,
    int CloudKilledExitCode,
    int GroupPostsIgnored,
    int TurnsByModel,
    int TurnsOnPc,
    bool ModelAnnounced,
    IReadOnlyList<string> TurnsOfModel,
    IReadOnlyList<string> Faults)
{
    public bool IsGood => Lost == 0 && Doubled == 0 && TotalsMatch && OutageOrders >= 3 && !LacksModel;

    /// <summary>The model was announced and has answered nothing: what was seen is not what was said.</summary>
    public bool LacksModel => ModelAnnounced && TurnsByModel == 0;
}

/// <summary>
/// Compares what customers wrote and were told with the PC's database, the cloud and the accountant's file. Calculates
/// the prices independently, from the catalog file.
/// </summary>
public sealed class Audit(DemoWorld world, Afternoon afternoon, string catalogFile)
{
    private readonly List<string> _faults = [];
    private int _lost;
    private int _doubled;
    private bool _totalsMatch = true;

    private sealed record AuditedOrder(string Number, string Phone, decimal Gross,
        IReadOnlyDictionary<string, decimal> Lines);

    public async Task<DemoResult> RunAsync(string exportFile, double seconds, CancellationToken cancel)
    {
        var captured = world.Rows("SELECT id FROM messages WHERE from_me = 0", r => r.GetString(0));
        Lost(afternoon.Written.Except(captured), "message {0} is not on the PC");
        Doubled(world.Site.Doubled.Select(d => d.Id), "reply {0} was sent twice");
        Doubled(world.Site.Sent.GroupBy(s => (s.ChatId, s.Text)).Where(g => g.Count() > 1 && g.Key.Text.Contains('-'))
            .Select(g => g.Key.Text), "one text reached the customer twice: {0}");

        var agent = OfAgent();
        var cloud = await OfCloudAsync(cancel);
        var file = OfFile(exportFile);
        Compare("the PC", agent);
        Compare("the cloud", cloud);
        Compare("the accountant's file", file);
        CompareWithReplies(agent);
        var inOutage = afternoon.ExpectedOrders.Where(e => e.InOutage).Count(e => cloud.Any(c => c.Phone == e.Phone));

        var result = new DemoResult(
            captured.Count, world.Site.Sent.Count, agent.Count, cloud.Count, _lost, _doubled, _totalsMatch, inOutage,
            exportFile, seconds, world.Folder,
            afternoon.KilledProcess, afternoon.KilledExitCode, (int)world.Count("SELECT count(*) FROM ignored"),
            (int)world.Count("SELECT count(*) FROM turns WHERE replied_by = 'model'"),
            (int)world.Count("SELECT count(*) FROM turns WHERE replied_by = 'reader'"), afternoon.ModelAnnounced,
            afternoon.OfModel, _faults);
        if (result.LacksModel)
            _faults.Add("the model was announced and answered nothing; agent/logs says after \"Answering turn\" why");
        return result;
    }

    private void Compare(string where, List<AuditedOrder> orders)
    {
        Doubled(orders.GroupBy(o => o.Number).Where(g => g.Count() > 1).Select(g => g.Key),
            $"order {{0}} is twice in {where}");
        foreach (var expected in afternoon.ExpectedOrders)
        {
            var his = orders.Where(o => o.Phone == expected.Phone).ToList();
            if (his.Count > 1) Doubled([expected.Phone], $"{{0}} has {his.Count} orders in {where}");
            if (his.Count == 0) Lost([expected.Phone], $"the order of {{0}} is not in {where}");
            else if (!Same(his[0].Lines, expected.Lines))
                Lost([expected.Phone],
                    $"the order of {{0}} in {where} holds {Words(his[0].Lines)} instead of {Words(expected.Lines)}");
            else if (his[0].Gross != Worth(expected.Lines))
                Mismatch($"the order of {expected.Phone} in {where} is {his[0].Gross}, not {Worth(expected.Lines)}");
        }

        Doubled(orders.Select(o => o.Phone).Except(afternoon.ExpectedOrders.Select(e => e.Phone)),
            $"{{0}} has an order in {where} that nobody gave");
    }

    private void CompareWithReplies(List<AuditedOrder> orders)
    {
        foreach (var order in orders)
        {
            var told =
                world.Site.Sent.Where(
                    s => s.ChatId == order.Phone + "@c.us" && s.Text.Contains(order.Number, StringComparison.Ordinal))
                    .ToList();
            if (told.Count != 1) Lost([order.Number], $"the customer was told of order {{0}} {told.Count} times");
            else if (!told[0].Text.Contains(order.Gross.ToString("N2", CultureInfo.InvariantCulture),
                StringComparison.Ordinal)) Mismatch($"the reply about {order.Number} does not say {order.Gross:N2}");
        }
    }

    private List<AuditedOrder> OfAgent() =>
        [.. world.Rows(
                "SELECT o.number, c.phone, o.gross, l.sku, l.quantity FROM orders o JOIN customers c ON c.id = "
                    + "o.customer_id JOIN order_lines l ON l.order_id = o.id",
                r => (Number: r.GetString(0), Phone: r.GetString(1), Gross: r.GetInt64(2) / 100m, Sku: r.GetString(3),
                    Quantity: r.GetInt64(4) / 1000m))
            .GroupBy(r => (r.Number, r.Phone, r.Gross))
            .Select(g =>
                new AuditedOrder(g.Key.Number, g.Key.Phone, g.Key.Gross, g.ToDictionary(l => l.Sku, l => l.Quantity)))];

    private async Task<List<AuditedOrder>> OfCloudAsync(CancellationToken cancel)
    {
        var page = await world.CloudAsync("api/orders?size=200", cancel);
        decimal Number(JsonElement of, string name) =>
            decimal.Parse(of.GetProperty(name).ToString(), CultureInfo.InvariantCulture);
        return [.. page.GetProperty("items").EnumerateArray().Select(o => new AuditedOrder(
            o.GetProperty("number").GetString()!, o.GetProperty("phone").GetString()!, Number(o, "gross"),
            o.GetProperty("lines").EnumerateArray()
                .ToDictionary(l => l.GetProperty("sku").GetString()!, l => Number(l, "quantity"))))];
    }

    private static List<AuditedOrder> OfFile(string file)
    {
        using var csv = new CsvReader(File.OpenText(file), CultureInfo.InvariantCulture);
        var rows = csv.GetRecords<dynamic>().Cast<IDictionary<string, object>>().ToList();
        decimal Number(IDictionary<string, object> row, string name) =>
            decimal.Parse((string)row[name], CultureInfo.InvariantCulture);
        return [.. rows.GroupBy(r => ((string)r["order_number"], ((string)r["phone"]).TrimStart('\'', '+')))
            .Select(g =>
                new AuditedOrder(g.Key.Item1, g.Key.Item2, g.Sum(r => Number(r, "gross")),
                    g.ToDictionary(r => (string)r["sku"], r => Number(r, "quantity"))))];
    }

    // This shop's prices include tax, so an order's gross is the sum of price × quantity.
    private decimal Worth(IReadOnlyDictionary<string, decimal> lines)
    {
        using var csv = new CsvReader(File.OpenText(catalogFile), CultureInfo.InvariantCulture);
        var prices = csv.GetRecords<dynamic>().Cast<IDictionary<string, object>>()
            .ToDictionary(r => (string)r["sku"], r => decimal.Parse((string)r["price"], CultureInfo.InvariantCulture));
        return lines.Sum(l => prices[l.Key] * l.Value);
    }

    private static bool Same(IReadOnlyDictionary<string, decimal> a, IReadOnlyDictionary<string, decimal> b) =>
        a.Count == b.Count && a.All(l => b.TryGetValue(l.Key, out var q) && q == l.Value);

    private static string Words(IReadOnlyDictionary<string, decimal> lines) =>
        string.Join(", ", lines.Select(l => $"{l.Value:0.###} {l.Key}"));

    private void Lost(IEnumerable<string> what, string sentence)
    {
        foreach (var one in what)
        {
            _lost++;
            _faults.Add(string.Format(CultureInfo.InvariantCulture, sentence, one));
        }
    }

    private void Doubled(IEnumerable<string> what, string sentence)
    {
        foreach (var one in what)
        {
            _doubled++;
            _faults.Add(string.Format(CultureInfo.InvariantCulture, sentence, one));
        }
    }

    private void Mismatch(string sentence)
    {
        _totalsMatch = false;
        _faults.Add(sentence);
    }
}
