using System.Text.Json.Nodes;
using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Tests.Support;
using Sak.Tools;
using Sak.Tools.Understand;

namespace Sak.Tests.Sync.Reading;

/// <summary>Readings of customers' messages in every language, compared with their meaning.</summary>
public sealed class ReadingScoreTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("development", 0.97, 0.92, 0.90)]
    [InlineData("hardware", 0.98, 0.97, 0.90)]
    [InlineData("household", 0.98, 0.97, 0.90)]
    [InlineData("clothing", 0.97, 0.96, 0.90)]
    [InlineData("pharmacy", 0.95, 0.95, 0.90)]
    [InlineData("vegetables", 0.95, 0.95, 0.90)]
    [InlineData("cosmetics", 0.94, 0.93, 0.75)]
    [InlineData("dairy", 0.96, 0.95, 0.90)]
    [InlineData("vegetable-traps", 0.95, 0.85, 0.50)]
    [InlineData("farm", 0.96, 0.94, 0.85)]
    [InlineData("fish", 0.96, 0.93, 0.70)]
    [InlineData("electronics", 0.97, 0.95, 0.85)]
    [InlineData("salon", 0.97, 0.93, 0.70)]
    [InlineData("coffee", 0.95, 0.87, 0.45)]
    [InlineData("plumbing", 0.95, 0.87, 0.60)]
    [InlineData("cafe", 0.97, 0.93, 0.70)]
    public async Task Orders_are_read_as_they_were_meant_and_nothing_is_read_into_what_is_no_order(string set,
        double lines, double exact, double clarify)
    {
        var folder = Path.Combine(House.Root, "tests", "Data", set);
        var products = DevelopmentSet.ReadCatalog(Path.Combine(folder, "catalog.csv"), "INR");
        var bySku = products.ToDictionary(p => p.Sku);
        var expected = File.ReadLines(Path.Combine(folder, "messages.jsonl")).Where(l => l.Length > 0)
            .Select(l => JsonNode.Parse(l)!).ToDictionary(n => (string)n["id"]!);
        var (all, stops) = (new ReadingScore(bySku), new List<string>());
        var languages = expected.Values.Select(m => (string)m["lang"]!).Distinct()
            .ToDictionary(l => l, _ => new ReadingScore(bySku));
        foreach (var row in DevelopmentSet.ReadMessages(Path.Combine(folder, "messages.jsonl")))
        {
            var request = DevelopmentSet.ToRequest(row);
            var reading = await OrderReader.ExplainAsync(request, new CatalogInMemory(products),
                TestContext.Current.CancellationToken);
            var answer = JsonNode.Parse(DevelopmentSet.ToAnswer(row, request, reading, bySku).ToJsonString())!;
            if (!all.Add(expected[row.Id], answer))
                output.WriteLine($"{row.Id} {row.Text}\n  answered {answer.ToJsonString()}");
            if (reading.Purpose == Purpose.Stop) stops.Add(row.Text);
            languages[(string)expected[row.Id]["lang"]!].Add(expected[row.Id], answer);
        }

        // The words alone show every message that the reader takes for a stop, so checking them first misses none.
        Assert.All(stops, text => Assert.True(StopWords.MayBeStop(text), text));
        foreach (var (language, score) in languages) output.WriteLine($"{language}: {score}");
        output.WriteLine(all.ToString());
        Assert.True(all.F1 >= lines && all.Exact >= exact && all.Clarify >= clarify && all.Serious == 0,
            all.ToString());
        if (set == "development") Assert.All(languages, l => Assert.True(l.Value.F1 >= 0.94, $"{l.Key}: {l.Value}"));
    }

    [Fact]
    public async Task Where_a_missing_number_is_one_no_message_of_any_set_orders_by_mistake()
    {
        var read = 0;
        foreach (var folder in Directory.GetDirectories(Path.Combine(House.Root, "tests", "Data"))
            .Where(d => File.Exists(Path.Combine(d, "messages.jsonl"))))
        {
            var products = DevelopmentSet.ReadCatalog(Path.Combine(folder, "catalog.csv"), "INR");
            var bySku = products.ToDictionary(p => p.Sku);
            var silent = File.ReadLines(Path.Combine(folder, "messages.jsonl")).Where(l => l.Length > 0)
                .Select(l => JsonNode.Parse(l)!).Where(m => m["tags"]!.AsArray().Any(t => (string)t! == "no_order"))
                .Select(m => (string)m["id"]!).ToHashSet();
            foreach (var row in DevelopmentSet.ReadMessages(Path.Combine(folder, "messages.jsonl")))
            {
                if (!silent.Contains(row.Id)) continue;
                read++;
                var request = DevelopmentSet.ToRequest(row) with { QuantityMissing = QuantityMissing.One };
                var reading = await OrderReader.ExplainAsync(request, new CatalogInMemory(products),
                    TestContext.Current.CancellationToken);
                var answer = DevelopmentSet.ToAnswer(row, request, reading, bySku);
                Assert.True(answer["lines"]!.AsArray().Count == 0, row.Text);
            }
        }

        Assert.True(read > 300, $"{read} messages that order nothing");
    }
}
