using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>The replies of turns, kept for a day so that a repeat gets the same.</summary>
public sealed class KeptReplies(SakDb db, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public async Task<Reply?> FindAsync(Guid shop, Guid turn, CancellationToken cancel)
    {
        var kept = await db.Replies.Where(r => r.ShopId == shop && r.TurnId == turn).Select(r => r.Reply)
            .SingleOrDefaultAsync(cancel);
        return kept is null ? null : JsonSerializer.Deserialize<Reply>(kept, Json);
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
}
