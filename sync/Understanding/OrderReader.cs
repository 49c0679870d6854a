using System.Text.RegularExpressions;
using Sak.Sync.Wire;
namespace Sak.Sync.Understanding;
// PLACEHOLDER until the reader comes
public static class OrderReader {
  public static async Task<Reply> ReadAsync(ProcessMessageRequest request, ICatalogSearch search, CancellationToken cancel) {
    var intents = new List<Intent>();
    foreach (var m in request.Messages) {
      var t = m.Text.ToLowerInvariant();
      if (Regex.IsMatch(t, "yes")) { intents.Add(new Intent(IntentKinds.Confirm)); continue; }
      foreach (Match x in Regex.Matches(t, @"(\d+)\s*(ctn|tray|kg|sack)?\s*(\p{L}+(?: \p{L}+)?)")) {
        var words = x.Groups[3].Value.Split(' ');
        foreach (var p in await search.FindAsync(words, 10, cancel)) {
          if (!p.Aliases.Any(a => words.Contains(a) || words.Contains(a.Split(' ')[0]))) continue;
          intents.Add(new Intent(t.Contains("make it") ? IntentKinds.Set : IntentKinds.Add, p.Sku, decimal.Parse(x.Groups[1].Value), x.Groups[2].Success && p.BaseUnitsIn(x.Groups[2].Value) is not null ? x.Groups[2].Value : null, x.Value, m.Id)); break; }
      } }
    return new Reply("", intents, "en", "reader"); } }
public static class ReplyText { public static string Compose(ReplyFacts f) => f.Confirmed is { } o ? $"Order {o.Number} confirmed. Total {f.Basket.Total}" : f.Change.Changed ? string.Join("\n", f.Basket.Lines.Select(l => $"{l.Line.Quantity} {l.Line.Unit} {l.Product.Name}")) + $"\nTotal {f.Basket.Total}. YES?" : "Hello!"; }
public sealed record LockVerdict(bool Passes, IReadOnlyList<string> Foreign);
public static class PriceLock { public static LockVerdict Check(string text, ReplyFacts facts) => new(true, []); }
