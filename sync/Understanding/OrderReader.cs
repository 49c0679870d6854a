using Sak.Sync.Wire;

namespace Sak.Sync.Understanding;

/// <summary>Stands where the reader of orders will be: "5 crate bread" and nothing more.</summary>
public static class OrderReader
{
    public static async Task<Reply> ReadAsync(ProcessMessageRequest request, ICatalogSearch search, CancellationToken cancel)
    {
        var intents = new List<Intent>();
        foreach (var message in request.Messages)
        {
            var words = message.Text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !int.TryParse(words[0], out var quantity)) continue;
            var found = await search.FindAsync(words[1..], 1, cancel);
            if (found.Count == 0) continue;
            var unit = found[0].BaseUnitsIn(words[1]) is null ? found[0].Unit : words[1];
            intents.Add(new Intent(IntentKinds.Add, found[0].Sku, quantity, unit, message.Text, message.Id));
        }

        if (intents.Count == 0) intents.Add(new Intent(IntentKinds.None));
        return new Reply("", intents, request.Language.Length > 0 ? request.Language : "en", "reader");
    }
}
