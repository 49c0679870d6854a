using System.Text.Json.Nodes;
using Sak.Sync.Understanding;
using Sak.Tools.Understand;

namespace Sak.Tests.Sync.Understanding;

public class SetTests
{
    [Theory]
    [InlineData("second-set")]
    [InlineData("third-set")]
    [InlineData("fourth-set")]
    public async Task The_sets_stay_understood(string set)
    {
        var folder = Path.Combine(Root(), "tests", "Data", set);
        var products = DevelopmentSet.ReadCatalog(Path.Combine(folder, "catalog.csv"), "INR");
        var bySku = products.ToDictionary(p => p.Sku);
        var expected = File.ReadLines(Path.Combine(folder, "messages.jsonl")).Select(l => JsonNode.Parse(l)!).ToDictionary(n => n["id"]!.GetValue<string>());
        var wrong = new List<string>();
        foreach (var row in DevelopmentSet.ReadMessages(Path.Combine(folder, "messages.jsonl")))
        {
            var request = DevelopmentSet.ToRequest(row);
            var reading = await OrderReader.ExplainAsync(request, new CatalogInMemory(products), TestContext.Current.CancellationToken);
            var answer = DevelopmentSet.ToAnswer(row, request, reading, bySku);
            var intent = expected[row.Id]["intent"]!.GetValue<string>();
            if (answer["intent"]!.GetValue<string>() != intent) wrong.Add($"{row.Id} {answer["intent"]}, not {intent}: {row.Text}");
            var tags = expected[row.Id]["tags"]!.AsArray().Select(t => t!.GetValue<string>()).ToList();
            if (tags.Contains("no_order")) Assert.Empty(answer["lines"]!.AsArray());
        }

        Assert.True(wrong.Count <= 3, string.Join('\n', wrong));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sak.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Sak.sln is in no folder above the tests.");
        return folder;
    }
}
