using System.Text.Json;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Server.Shops;

namespace Sak.Server.Commands;

/// <summary>Makes shops and keys from the server's own terminal.</summary>
public static class ShopCommands
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task<int> AddAsync(
        string[] args, string name, string currency, bool taxInclusive, string phone, bool json,
        CancellationToken cancel)
    {
        await using var db = await OpenAsync(args, cancel);
        Show(await new AddShop(db, TimeProvider.System).ShopAsync(name, currency, taxInclusive, phone, cancel), json);
        return 0;
    }

    public static async Task<int> AddKeyAsync(string[] args, string shop, string role, bool json,
        CancellationToken cancel)
    {
        await using var db = await OpenAsync(args, cancel);
        Show(await new AddShop(db, TimeProvider.System).KeyAsync(shop, role, cancel), json);
        return 0;
    }

    public static async Task<int> RevokeAsync(string[] args, string id, CancellationToken cancel)
    {
        await using var db = await OpenAsync(args, cancel);
        await new AddShop(db, TimeProvider.System).RevokeAsync(id, cancel);
        Console.WriteLine("The key is revoked.");
        return 0;
    }

    internal static async Task<SakDb> OpenAsync(string[] args, CancellationToken cancel)
    {
        var settings = ServerSettings.Load(args, OpenDatabase.CanRead);
        await OpenDatabase.MigrateAsync(settings, cancel);
        return OpenDatabase.New(settings);
    }

    private static void Show(NewKey key, bool json) =>
        Console.WriteLine(json
            ? JsonSerializer.Serialize(key, Json)
            : $"""
               {key.Name} ({key.Currency}), shop {key.Shop}
               Key for {key.Role}, shown only now: {key.Key}
               """);
}
