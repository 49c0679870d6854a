using System.Data.Common;
using FastEndpoints;
using Sak.Server.Api;
using Sak.Server.Api.Document;
using Sak.Server.Data;
using Sak.Sync.Wire;

namespace Sak.Server.Shops;

/// <summary>
/// <c>POST /api/number</c>: decides which of the shop's PCs answers a WhatsApp number. A PC holds the number for a
/// minute by this server's clock and renews it; after that, or when the owner says so, another PC may take it. One
/// conditional UPDATE decides, so when two PCs ask at the same time, one gets it, on every engine.
/// </summary>
public sealed class HoldNumber(ShopConnection db, TimeProvider clock) : ShopEndpoint<LeaseRequest, LeaseAnswer>
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    internal const string TakeOver =
        "UPDATE number_leases SET device = @device, until = @until WHERE shop_id = @shop AND number = @number";

    internal const string Renew = $"{TakeOver} AND (device = @device OR until <= @now)";

    internal const string BeFirst = """
        INSERT INTO number_leases (shop_id, number, device, until) SELECT @shop, @number, @device, @until
        WHERE NOT EXISTS (SELECT 1 FROM number_leases WHERE shop_id = @shop AND number = @number)
        """;

    public override void Configure()
    {
        Post("/api/number");
        Group<Devices>();
        Description(d => d.Refuses(StatusCodes.Status400BadRequest,
            StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType));
        Summary(s =>
        {
            s.Summary = "Asks that this PC, and no other, answers the shop's WhatsApp number for the next minute.";
            s.ExampleRequest = new LeaseRequest("919800000001", "counter", TakeOver: false);
        });
    }

    public override Task HandleAsync(LeaseRequest request, CancellationToken cancel) =>
        Fault(request) is { } fault ? RefuseAsync(fault) : HoldAsync(request, cancel);

    private static string? Fault(LeaseRequest request) =>
        request.Number.Length > LeaseRequest.MaxNumber || !request.Number.All(char.IsAsciiDigit)
            ? "The number must be digits with the country code."
        : request.Device.Length is 0 or > LeaseRequest.MaxDevice
            ? $"The device needs a name of at most {LeaseRequest.MaxDevice} characters."
        : null;

    private async Task HoldAsync(LeaseRequest request, CancellationToken cancel)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        (string, object)[] lease =
        [
            ("@shop", db.IdValue(Caller.ShopId)), ("@number", request.Number), ("@device", request.Device),
            ("@now", now), ("@until", now + (long)Lasts.TotalMilliseconds),
        ];
        await db.OpenAsync(cancel);
        if (!await RenewAsync(lease, request.TakeOver, cancel)) await BeFirstAsync(lease, cancel);
        await using var ask = db.Command(
            "SELECT device, until FROM number_leases WHERE shop_id = @shop AND number = @number", lease);
        await using var holder = await ask.ExecuteReaderAsync(cancel);
        await holder.ReadAsync(cancel);
        var (device, until) = (holder.GetString(0), holder.GetInt64(1));
        var seconds = Math.Max(0, until - now) / 1000.0;
        await Send.OkAsync(new LeaseAnswer(device == request.Device, device, seconds), cancel);
    }

    // The PC's own lease, an expired one, or any lease when the owner says so.
    private async Task<bool> RenewAsync((string, object)[] lease, bool takeOver, CancellationToken cancel) =>
        await db.ExecuteAsync(takeOver ? TakeOver : Renew, lease, cancel) > 0;

    private async Task BeFirstAsync((string, object)[] lease, CancellationToken cancel)
    {
        try
        {
            await db.ExecuteAsync(BeFirst, lease, cancel);
        }
        catch (DbException taken) when (db.Dialect.IsDuplicate(taken))
        {
            // Another PC was faster, and it answers from now on.
        }
    }
}
