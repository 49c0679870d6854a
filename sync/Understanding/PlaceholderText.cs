using Sak.Sync.Wire;
namespace Sak.Sync.Understanding;
public static class ReplyText { public static string Compose(ReplyFacts f) => f.Confirmed is { } o ? $"Order {o.Number} confirmed. Total {f.Basket.Total}" : f.Change.Changed ? string.Join("\n", f.Basket.Lines.Select(l => $"{l.Line.Quantity} {l.Line.Unit} {l.Product.Name}")) + $"\nTotal {f.Basket.Total}. YES?" : "Hello!"; }
public sealed record LockVerdict(bool Passes, IReadOnlyList<string> Foreign);
public static class PriceLock { public static LockVerdict Check(string text, ReplyFacts facts) => new(true, []); }
