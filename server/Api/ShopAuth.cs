using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sak.Server.Data;
using Sak.Sync.Replica;

namespace Sak.Server.Api;

/// <summary>What a key may do.</summary>
[Flags]
public enum Roles
{
    None = 0,

    /// <summary>The agent on the shop's PC.</summary>
    Device = 1,
    Owner = 2,

    /// <summary>Reads and exports, writes nothing.</summary>
    Accountant = 4,

    /// <summary>The one who runs the server for the shop: may do all that the owner may.</summary>
    Operator = 8,

    Staff = Owner | Operator,
    Readers = Device | Owner | Accountant | Operator,
}

/// <summary>The caller of a request. The shop comes only from the credential.</summary>
/// <param name="Version">The shop's version when the key was looked up: most agents ask only whether
/// it has changed.</param>
public sealed record Caller(Guid ShopId, string KeyId, Roles Role, long Version);

/// <summary>
/// A key: its text, "sak_&lt;id&gt;_&lt;secret&gt;", which is shown once, and the parts that are stored.
/// </summary>
public sealed record DeviceKey(string Id, string Text, byte[] Hash)
{
    public static DeviceKey New()
    {
        var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var secret = RandomNumberGenerator.GetHexString(64, lowercase: true);
        return new DeviceKey(id, $"sak_{id}_{secret}", HashOf(secret));
    }

    /// <summary>Null when the header has no key of this form.</summary>
    public static DeviceKey? Read(string? authorization)
    {
        if (authorization is null || authorization.Length > 200
            || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return null;
        var text = authorization["Bearer ".Length..].Trim();
        return text.Split('_') is ["sak", { Length: > 0 and <= 32 } id, { Length: > 0 } secret]
            ? new DeviceKey(id, text, HashOf(secret))
            : null;
    }

    // The secret has 256 random bits, so a fast hash is enough: it can't be guessed.
    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>Checks a request's key before its body is read. An endpoint that names no role is closed.</summary>
public sealed class ShopAuth(RequestDelegate next, FailedKeys failed)
{
    private sealed record AllowedRoles(Roles Roles);

    private sealed record Public();

    // Plain SQL, because it runs before every request and EF would take longer than the database.
    private const string Lookup =
        "SELECT k.shop_id, k.hash, k.role, k.revoked_at, v.version FROM \"keys\" k JOIN shop_versions v ON v.shop_id "
            + "= k.shop_id WHERE k.id = @id";

    public static TBuilder Require<TBuilder>(TBuilder endpoint, Roles roles)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AllowedRoles(roles));

    public static TBuilder Open<TBuilder>(TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Public());

    /// <summary>Null where no key is needed.</summary>
    internal static Roles? RolesOf(IEnumerable<object> metadata) =>
        metadata.OfType<AllowedRoles>().LastOrDefault()?.Roles;

    public async Task InvokeAsync(HttpContext http, ShopConnection db)
    {
        // Requests without a route get the framework's own 404, 405 or 415.
        if (http.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<Public>() is not null)
        {
            await next(http);
            return;
        }

        // An endpoint without roles was mapped by a library, not by SAK: it is closed.
        if (endpoint.Metadata.GetMetadata<AllowedRoles>()?.Roles is not { } roles)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (await AdmitAsync(http, db, roles) is not { } caller) return;
        db.Enter(caller.ShopId);
        http.Features.Set(caller);
        await next(http);
    }

    /// <returns>Null when the request was refused, and the refusal is written.</returns>
    private async Task<Caller?> AdmitAsync(HttpContext http, ShopConnection db, Roles roles)
    {
        var (key, from) = (DeviceKey.Read(http.Request.Headers.Authorization), http.Connection.RemoteIpAddress);
        // Wrong keys that come through the shops' own proxy must not lock the shops out: a key that was accepted before
        // is always looked up.
        if (failed.TooMany(from) is { } wait && !failed.WasLetIn(key))
        {
            http.Response.Headers.RetryAfter = $"{(int)wait.TotalSeconds + 1}";
            return await RefuseAsync(http, StatusCodes.Status429TooManyRequests, Problems.TooMany,
                "Too many wrong keys came from this address; wait a minute.");
        }

        if (key is null || await FindAsync(http, db, key) is not { } caller)
        {
            failed.Add(from);
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return await RefuseAsync(http, StatusCodes.Status401Unauthorized, SyncProblems.Key,
                "The key is missing, unknown or revoked; make a new one with sak-server key add.");
        }

        if (!roles.HasFlag(caller.Role))
            return await RefuseAsync(http, StatusCodes.Status403Forbidden, Problems.Role,
                $"A key of role {caller.Role} may not do this; it takes {roles}.");
        failed.LetIn(key);
        return caller;
    }

    private static async Task<Caller?> RefuseAsync(HttpContext http, int status, string type, string detail)
    {
        await Problems.WriteAsync(http, status, type, detail);
        return null;
    }

    private static Task<Caller?> FindAsync(HttpContext http, ShopConnection db, DeviceKey key)
    {
        db.EnterKeys();
        return db.AskAsync(
            db.Command(Lookup, ("@id", key.Id)),
            async row =>
            {
                var known = await row.ReadAsync(http.RequestAborted);
                var same = CryptographicOperations.FixedTimeEquals(known ? (byte[])row.GetValue(1) : new byte[32],
                    key.Hash);
                return known && same && row.IsDBNull(3)
                    && Enum.TryParse<Roles>(row.GetString(2), ignoreCase: true, out var role)
                    ? new Caller(ShopConnection.ReadId(row, 0), key.Id, role, row.GetInt64(4))
                    : null;
            },
            http.RequestAborted);
    }
}

/// <summary>
/// Counts wrong keys by address: after thirty in a minute the address must wait, except for keys that were accepted
/// before. This is the only state kept between requests; it is bounded by the numbers of addresses and of keys.
/// </summary>
public sealed class FailedKeys(TimeProvider clock)
{
    private const int Most = 30;
    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<IPAddress, (long Since, int Count)> _failed = new();
    private readonly ConcurrentDictionary<string, byte[]> _good = new();

    public void LetIn(DeviceKey key) => _good[key.Id] = key.Hash;

    public bool WasLetIn(DeviceKey? key) =>
        key is not null && _good.TryGetValue(key.Id, out var hash) && hash.AsSpan().SequenceEqual(key.Hash);

    public TimeSpan? TooMany(IPAddress? from)
    {
        if (!_failed.TryGetValue(from ?? IPAddress.None, out var seen) || seen.Count < Most) return null;
        var left = Window - clock.GetElapsedTime(seen.Since);
        return left > TimeSpan.Zero ? left : null;
    }

    public void Add(IPAddress? from)
    {
        if (_failed.Count >= MostAddresses) _failed.Clear();
        _failed.AddOrUpdate(
            from ?? IPAddress.None,
            _ => (clock.GetTimestamp(), 1),
            (_, seen) => clock.GetElapsedTime(seen.Since) > Window
                ? (clock.GetTimestamp(), 1)
                : (seen.Since, seen.Count + 1));
    }
}
