using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Server.Replies;
using Sak.Server.Shops;

namespace Sak.Server.Commands;

/// <summary>What the models of the shops answered and took, a line a shop and day.</summary>
public static class UsageCommand
{
    internal sealed record ModelDay(string Day, string Shop, int ByModel, int ByReader, ReaderWhy Why, long InputTokens,
        long OutputTokens, int WordsRefused);

    /// <summary>Why the reader answered; see <see cref="Sak.Sync.Wire.ModelFailure"/>.</summary>
    internal sealed record ReaderWhy(int OverBudget, int TooSlow, int Unreachable, int Refused, int BadAnswer,
        int ToolFailed)
    {
        public int Sum => OverBudget + TooSlow + Unreachable + Refused + BadAnswer + ToolFailed;

        public override string ToString()
        {
            (string Name, int Count)[] whys = [("over budget", OverBudget), ("too slow", TooSlow),
                ("unreachable", Unreachable), ("refused", Refused), ("bad answer", BadAnswer),
                ("tool failed", ToolFailed)];
            return string.Join(", ", whys.Where(w => w.Count > 0).Select(w => $"{w.Count} {w.Name}"));
        }
    }

    public static async Task<int> RunAsync(string[] args, string? shop, int days, bool json, CancellationToken cancel)
    {
        await using var db = await ShopCommands.OpenAsync(args, cancel);
        ListCommands.Show(await ReadAsync(db, shop, days, TimeProvider.System, cancel), json,
            $"No model was asked in the last {days} days; see Model:Provider.", Text,
            "day         by model  by reader    tokens in   tokens out  shop (why the reader answered)");
        return 0;
    }

    /// <param name="shop">Its name or id; null for all.</param>
    /// <param name="days">UTC days, today included.</param>
    internal static async Task<List<ModelDay>> ReadAsync(SakDb db, string? shop, int days, TimeProvider clock,
        CancellationToken cancel)
    {
        var since = Budget.Day(clock.GetUtcNow().AddDays(1 - days));
        var of = shop is null ? (Guid?)null : (await AddShop.FindAsync(db, shop, cancel)).Id;
        var rows = await db.ModelUse.Where(u => u.Day >= since && (of == null || u.ShopId == of))
            .Join(db.Shops, u => u.ShopId, s => s.Id, (u, s) => new { Use = u, s.Name })
            .OrderByDescending(r => r.Use.Day).ThenBy(r => r.Name).ToListAsync(cancel);
        return rows.ConvertAll(r => Line(r.Use, r.Name));
    }

    private static ModelDay Line(ModelUseRow use, string shop)
    {
        var why = new ReaderWhy(use.OverBudget, use.TooSlow, use.Unreachable, use.Refused, use.BadAnswer,
            use.ToolFailed);
        var day = use.Day.ToString("0000-00-00", CultureInfo.InvariantCulture);
        return new ModelDay(day, shop, use.ByModel, why.Sum, why, use.Tokens - use.OutputTokens, use.OutputTokens,
            use.WordsRefused);
    }

    internal static string Text(ModelDay line) => string.Create(CultureInfo.InvariantCulture,
        $"{line.Day}  {line.ByModel,8}  {line.ByReader,9}  {line.InputTokens,11:N0}  {line.OutputTokens,11:N0}")
        + $"  {line.Shop}{(line.ByReader > 0 ? $" ({line.Why})" : "")}"
        + (line.WordsRefused > 0 ? $"; words not used: {line.WordsRefused}" : "");
}
