using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync.Wire;

namespace Sak.Server.Shops;

/// <summary>
/// <c>POST /api/number</c>: which of the shop's PCs answers a WhatsApp number. It is held for a minute by this server's
/// clock and renewed by whoever holds it; then, or when the owner says so, another PC may have it. One conditional UPDATE
/// decides, so of two that ask at once one gets it, on every engine.
/// </summary>
public static class HoldNumber
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/number", HandleAsync).For(Roles.Device)
            .Produces<LeaseAnswer>().ProducesProblem(StatusCodes.Status400BadRequest)
            .WithSummary("Asks that this PC, and no other, answers the shop's WhatsApp number for the next minute.");

    private static async Task<IResult> HandleAsync(LeaseRequest request, Caller caller, SakDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (request.Number.Length > LeaseRequest.MaxNumber || !request.Number.All(char.IsAsciiDigit)) return Problems.BadRequest("The number must be digits with the country code.");
        if (request.Device.Length is 0 or > LeaseRequest.MaxDevice) return Problems.BadRequest($"The device needs a name of at most {LeaseRequest.MaxDevice} characters.");
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (!await RenewAsync(db, caller.ShopId, request, now, cancel)) await BeFirstAsync(db, caller.ShopId, request, now, cancel);
        var holder = await db.NumberLeases.SingleAsync(l => l.ShopId == caller.ShopId && l.Number == request.Number, cancel);
        return TypedResults.Ok(new LeaseAnswer(holder.Device == request.Device, holder.Device, Math.Max(0, holder.Until - now) / 1000.0));
    }

    // Its own, one that ran out, or any when the owner says so.
    private static async Task<bool> RenewAsync(SakDb db, Guid shop, LeaseRequest request, long now, CancellationToken cancel) =>
        await db.NumberLeases
            .Where(l => l.ShopId == shop && l.Number == request.Number && (l.Device == request.Device || l.Until <= now || request.TakeOver))
            .ExecuteUpdateAsync(l => l.SetProperty(r => r.Device, request.Device).SetProperty(r => r.Until, now + (long)Lasts.TotalMilliseconds), cancel) > 0;

    private static async Task BeFirstAsync(SakDb db, Guid shop, LeaseRequest request, long now, CancellationToken cancel)
    {
        if (await db.NumberLeases.AnyAsync(l => l.ShopId == shop && l.Number == request.Number, cancel)) return;
        db.NumberLeases.Add(new NumberLeaseRow { ShopId = shop, Number = request.Number, Device = request.Device, Until = now + (long)Lasts.TotalMilliseconds });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException taken) when (db.IsDuplicate(taken))
        {
            // Another PC was first by a moment: it is the one that answers.
        }
    }
}
