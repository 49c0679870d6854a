using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Sak.Server.Commands;

/// <summary>Lists shops and keys. A key's secret can't be shown: only its hash is stored.</summary>
public static class ListCommands
{
    private sealed record ShopSummary(Guid Id, string Name, string Currency, bool TaxInclusive, string Phone);

    private sealed record Key(string Id, string Role, Guid Shop, string Name, DateTimeOffset MadeAt,
        DateTimeOffset? RevokedAt);

    public static async Task<int> ShopsAsync(string[] args, bool json, CancellationToken cancel)
    {
        await using var db = await ShopCommands.OpenAsync(args, cancel);
        var shops = await db.Shops.OrderBy(s => s.Name).ThenBy(s => s.Id)
            .Select(s => new ShopSummary(s.Id, s.Name, s.Currency, s.TaxInclusive, s.Phone)).ToListAsync(cancel);
        Show(shops, json, "There is no shop yet; make one with sak-server shop add.",
            s => $"{s.Id}  {s.Currency}  {s.Name}{(s.Phone.Length > 0 ? $" ({s.Phone})" : "")}");
        return 0;
    }

    public static async Task<int> KeysAsync(string[] args, bool json, CancellationToken cancel)
    {
        await using var db = await ShopCommands.OpenAsync(args, cancel);
        var rows =
            await db.Keys.Join(db.Shops, k => k.ShopId, s => s.Id,
                (k, s) => new { k.Id, k.Role, Shop = s.Id, s.Name, k.CreatedAt, k.RevokedAt })
            .OrderBy(k => k.Name).ThenBy(k => k.CreatedAt).ToListAsync(cancel);
        var keys = rows.ConvertAll(
            k => new Key(k.Id, k.Role, k.Shop, k.Name, Time(k.CreatedAt), k.RevokedAt is { } at ? Time(at) : null));
        Show(keys, json, "There is no key yet; sak-server shop add makes one.",
            k => $"{k.Id}  {k.Role,-10}  {k.Name} ({k.Shop})  made "
                + $"{Day(k.MadeAt)}{(k.RevokedAt is { } at ? $", revoked {Day(at)}" : "")}");
        return 0;
    }

    internal static void Show<T>(List<T> rows, bool json, string none, Func<T, string> line, string? head = null) =>
        Console.WriteLine(
            json ? JsonSerializer.Serialize(rows, ShopCommands.Json) : rows.Count == 0 ? none
                : string.Join(Environment.NewLine, rows.Select(line).Prepend(head).OfType<string>()));

    private static DateTimeOffset Time(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
