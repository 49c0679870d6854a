using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Catalog;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Sync.Pricing;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>
/// The replies of turns, kept for a day so that a repeat gets the same, and the shop's spend on its model.
/// </summary>
public sealed class TurnReplies(SakDb db, ServerSettings settings, ChatModels models, ModelReplier replier,
    TimeProvider clock, ILogger<TurnReplies> log)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public async Task<Reply?> FindAsync(Guid shop, Guid turn, CancellationToken cancel)
    {
        var kept = await db.Replies.Where(r => r.ShopId == shop && r.TurnId == turn).Select(r => r.Reply)
            .SingleOrDefaultAsync(cancel);
        return kept is null ? null : JsonSerializer.Deserialize<Reply>(kept, Json);
    }

    /// <summary>Null when there is no model, when it failed, or when the shop's tokens of the day are spent.</summary>
    public async Task<Reply?> AskModelAsync(Guid shop, ProcessMessageRequest request, ShopCatalog catalog,
        PriceRules rules, CancellationToken cancel)
    {
        if (models.Client is not { } model) return null;
        var day = clock.GetUtcNow();
        var today = (day.Year * 10_000) + (day.Month * 100) + day.Day;
        var spent = await db.ModelUse.Where(u => u.ShopId == shop && u.Day == today).Select(u => u.Tokens)
            .SingleOrDefaultAsync(cancel);
        if (spent >= settings.Model.TokensPerDay)
        {
            log.LogWarning(
                "Shop {Shop} has spent its {Tokens} tokens of today; the reader answers until midnight UTC, or raise "
                    + "Model:TokensPerDay.", shop, spent);
            return null;
        }

        var run = await replier.RunAsync(model, request, catalog, rules, cancel);
        if (run.Tokens > 0) await SpendAsync(shop, today, run.Tokens, cancel);
        if (run.Reply is null)
            log.LogWarning("The model did not answer turn {Turn} ({Why}); the reader did.", request.TurnId,
                run.Failure);
        return run.Reply;
    }

    /// <summary>Keeps the reply; when the same turn was answered meanwhile, that answer is the turn's.</summary>
    public async Task<Reply> KeepAsync(Guid shop, Guid turn, Reply reply, CancellationToken cancel)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        // A customer's words have no business here longer than a retry can take.
        var oldest = now - (long)Kept.TotalMilliseconds;
        await db.Replies.Where(r => r.ShopId == shop && r.At < oldest).ExecuteDeleteAsync(cancel);
        db.Replies.Add(
            new ReplyRow { ShopId = shop, TurnId = turn, Reply = JsonSerializer.Serialize(reply, Json), At = now });
        try
        {
            await db.SaveChangesAsync(cancel);
            return reply;
        }
        catch (DbUpdateException e) when (db.Connection.Dialect.IsDuplicate(e))
        {
            return await FindAsync(shop, turn, cancel) ?? reply;
        }
    }

    private async Task SpendAsync(Guid shop, int day, long tokens, CancellationToken cancel)
    {
        if (await AddAsync() > 0) return;
        var first = new ModelUseRow { ShopId = shop, Day = day, Tokens = tokens };
        try
        {
            db.ModelUse.Add(first);
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (db.Connection.Dialect.IsDuplicate(e))
        {
            await AddAsync();
        }
        finally
        {
            db.Entry(first).State = EntityState.Detached;
        }

        Task<int> AddAsync() => db.ModelUse.Where(u => u.ShopId == shop && u.Day == day)
            .ExecuteUpdateAsync(u => u.SetProperty(r => r.Tokens, r => r.Tokens + tokens), cancel);
    }
}
