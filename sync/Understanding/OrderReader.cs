using Sak.Sync.Wire;
namespace Sak.Sync.Understanding;
public static class OrderReader { public static Task<Reply> ReadAsync(ProcessMessageRequest request, ICatalogSearch search, CancellationToken cancel) => throw new NotSupportedException(); }
public static class ReplyText { public static string Compose(ReplyFacts facts) => ""; }
public sealed record LockVerdict(bool Passes, IReadOnlyList<string> Foreign);
public static class PriceLock { public static LockVerdict Check(string text, ReplyFacts facts) => new(true, []); }
