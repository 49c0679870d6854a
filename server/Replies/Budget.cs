using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>
/// What a shop's model answered and took on each UTC day, and how much of the day's tokens that is. Turns that run at
/// once may together take a little more than the day has.
/// </summary>
public sealed class Budget(SakDb db, ServerSettings settings, TimeProvider clock)
{
    /// <summary>Tokens of today.</summary>
    public async Task<long> SpentAsync(Guid shop, CancellationToken cancel)
    {
        var today = Day(clock.GetUtcNow());
        return await db.ModelUse.Where(u => u.ShopId == shop && u.Day == today).Select(u => u.Tokens)
            .SingleOrDefaultAsync(cancel);
    }

    public bool IsSpent(long tokens) => tokens >= settings.Model.TokensPerDay;

    /// <summary>At most 100; a day without a token is spent from its start.</summary>
    public int Percent(long tokens) =>
        settings.Model.TokensPerDay == 0 ? 100 : (int)Math.Min(100, 100 * tokens / settings.Model.TokensPerDay);

    /// <summary>Counts one turn, answered by the model or, for a reason, by the reader.</summary>
    public async Task CountAsync(Guid shop, ModelRun run, bool wordsRefused, CancellationToken cancel)
    {
        var turn = new ModelUseRow { ShopId = shop, Day = Day(clock.GetUtcNow()),
            Tokens = run.InputTokens + run.OutputTokens, OutputTokens = run.OutputTokens,
            WordsRefused = wordsRefused ? 1 : 0 };
        Count(turn, run.Failure?.Kind);
        if (await AddAsync(turn, cancel) > 0) return;
        try
        {
            db.ModelUse.Add(turn);
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (db.Connection.Dialect.IsDuplicate(e))
        {
            await AddAsync(turn, cancel);
        }
        finally
        {
            db.Entry(turn).State = EntityState.Detached;
        }
    }

    /// <summary>A UTC day as yyyymmdd.</summary>
    public static int Day(DateTimeOffset at) =>
        (at.UtcDateTime.Year * 10_000) + (at.UtcDateTime.Month * 100) + at.UtcDateTime.Day;

    private static void Count(ModelUseRow turn, ModelFailure? failure)
    {
        switch (failure)
        {
            case null: turn.ByModel = 1; break;
            case ModelFailure.OverBudget: turn.OverBudget = 1; break;
            case ModelFailure.TooSlow: turn.TooSlow = 1; break;
            case ModelFailure.Unreachable: turn.Unreachable = 1; break;
            case ModelFailure.Refused: turn.Refused = 1; break;
            case ModelFailure.BadAnswer: turn.BadAnswer = 1; break;
            case ModelFailure.ToolFailed: turn.ToolFailed = 1; break;
            default: throw new ArgumentOutOfRangeException(nameof(failure));
        }
    }

    private Task<int> AddAsync(ModelUseRow turn, CancellationToken cancel) =>
        db.ModelUse.Where(u => u.ShopId == turn.ShopId && u.Day == turn.Day).ExecuteUpdateAsync(
            u => u.SetProperty(r => r.Tokens, r => r.Tokens + turn.Tokens)
                .SetProperty(r => r.OutputTokens, r => r.OutputTokens + turn.OutputTokens)
                .SetProperty(r => r.ByModel, r => r.ByModel + turn.ByModel)
                .SetProperty(r => r.OverBudget, r => r.OverBudget + turn.OverBudget)
                .SetProperty(r => r.TooSlow, r => r.TooSlow + turn.TooSlow)
                .SetProperty(r => r.Unreachable, r => r.Unreachable + turn.Unreachable)
                .SetProperty(r => r.Refused, r => r.Refused + turn.Refused)
                .SetProperty(r => r.BadAnswer, r => r.BadAnswer + turn.BadAnswer)
                .SetProperty(r => r.ToolFailed, r => r.ToolFailed + turn.ToolFailed)
                .SetProperty(r => r.WordsRefused, r => r.WordsRefused + turn.WordsRefused),
            cancel);
}
