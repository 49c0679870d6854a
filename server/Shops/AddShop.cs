using Microsoft.EntityFrameworkCore;
using Sak.Server.Api;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Sync.Model;

namespace Sak.Server.Shops;

/// <summary>A new key; its text is shown once and can't be read again.</summary>
public sealed record NewKey(Guid Shop, string Name, string Currency, string KeyId, string Role, string Key);

/// <summary>Makes shops and keys. Only the server's own command line calls this, no endpoint does.</summary>
public sealed class AddShop(SakDb db, TimeProvider clock)
{
    public async Task<NewKey> ShopAsync(string name, string currency, bool taxInclusive, string phone,
        CancellationToken cancel)
    {
        if (name.Trim().Length == 0)
            throw new ServerException(
                "The shop's name is empty; give it as in: sak-server shop add \"Asha Stores\" --currency INR");
        if (!IsoCurrencies.Contains(currency))
            throw new ServerException(
                $"\"{currency}\" is not a currency code of ISO 4217; give three capital letters, for example "
                    + "--currency INR");
        if (!IsPhone(phone))
            throw new ServerException(
                $"\"{phone}\" is not a phone number; give its digits with the country code, for example --phone "
                    + "919800000001");
        var shop = new ShopRow
        {
            Id = Ids.New(clock),
            Name = name.Trim(),
            Currency = currency,
            TaxInclusive = taxInclusive,
            Phone = phone,
            CreatedAt = Now,
        };
        db.Shops.Add(shop);
        db.ShopVersions.Add(new ShopVersionRow { ShopId = shop.Id, Version = 0 });
        return await KeyOfAsync(shop, Roles.Device, cancel);
    }

    /// <param name="shop">The shop's id or name.</param>
    public async Task<NewKey> KeyAsync(string shop, string role, CancellationToken cancel)
    {
        if (!Enum.TryParse<Roles>(role, ignoreCase: true, out var parsed)
            || parsed is not (Roles.Device or Roles.Owner or Roles.Accountant or Roles.Operator))
            throw new ServerException($"Role \"{role}\" is not known; use device, owner, accountant or operator.");
        return await KeyOfAsync(await FindAsync(db, shop, cancel), parsed, cancel);
    }

    /// <param name="shop">The shop's id or name.</param>
    internal static async Task<ShopRow> FindAsync(SakDb db, string shop, CancellationToken cancel)
    {
        var id = Guid.TryParse(shop, out var given) ? given : Guid.Empty;
        var found = await db.Shops.Where(s => s.Id == id || s.Name == shop).Take(2).ToListAsync(cancel);
        if (found.Count != 1)
            throw new ServerException(found.Count == 0
                ? $"There is no shop \"{shop}\"; make it with sak-server shop add."
                : $"More than one shop is named \"{shop}\"; give its id instead.");
        return found[0];
    }

    public async Task RevokeAsync(string keyId, CancellationToken cancel)
    {
        // A person may paste the whole key; only the id in it is used.
        var id = keyId.Split('_') is ["sak", var inner, ..] ? inner : keyId;
        var revoked = await db.Keys.Where(k => k.Id == id && k.RevokedAt == null)
            .ExecuteUpdateAsync(k => k.SetProperty(r => r.RevokedAt, Now), cancel);
        if (revoked == 0)
            throw new ServerException(
                $"There is no key \"{id}\" that is still good; the id is the middle part of sak_<id>_<secret>.");
    }

    private async Task<NewKey> KeyOfAsync(ShopRow shop, Roles role, CancellationToken cancel)
    {
        var key = DeviceKey.New();
        var name = role.ToString().ToLowerInvariant();
        db.Keys.Add(new KeyRow { Id = key.Id, ShopId = shop.Id, Hash = key.Hash, Role = name, CreatedAt = Now });
        await db.SaveChangesAsync(cancel);
        return new NewKey(shop.Id, shop.Name, shop.Currency, key.Id, name, key.Text);
    }

    private static bool IsPhone(string phone) =>
        phone.Length == 0
            || (phone.Any(char.IsAsciiDigit)
                && phone.All(c => char.IsAsciiDigit(c) || c is ' ' or '+' or '-' or '(' or ')'));

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
