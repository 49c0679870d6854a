using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Server.Shops;

namespace Sak.Tests.Contracts;

/// <summary>Which requests are accepted, on every engine.</summary>
public abstract class AccessContract(Engine engine)
{
    private static readonly string[] Reads = ["/api/products", "/api/orders", "/api/customers", "/api/exports/orders"];

    [Fact]
    public async Task Without_a_good_key_nothing_is_read()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (key, good) = await server.AddShopAsync();
        var secret = key.Key[(key.Key.LastIndexOf('_') + 1)..];
        foreach (var bad in new[] { null, "x", "sak__", $"sak_{key.KeyId}_wrong", $"sak_0000_{secret}", key.Key + "0" })
        {
            foreach (var path in Reads)
            {
                using var refused = await server.Client(bad).GetAsync(path);
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
                Assert.Equal("urn:sak:key",
                    (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await good.GetAsync(Reads[0])).StatusCode);
    }

    [Fact]
    public async Task A_revoked_key_is_worthless_at_once_and_the_secret_is_nowhere_in_the_database()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (key, client) = await server.AddShopAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/orders")).StatusCode);
        await using var db = server.Database();
        var secret = key.Key[(key.Key.LastIndexOf('_') + 1)..];
        var stored = await db.Keys.SingleAsync();
        Assert.NotEqual(secret, Convert.ToHexStringLower(stored.Hash));
        await new AddShop(db, TimeProvider.System).RevokeAsync(key.Key, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/orders")).StatusCode);
    }

    [Fact]
    public async Task An_accountant_reads_and_exports_and_writes_nothing()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (key, _) = await server.AddShopAsync();
        var accountant = await server.AddKeyAsync(key.Shop, "accountant");
        foreach (var path in Reads) Assert.Equal(HttpStatusCode.OK, (await accountant.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await accountant.PutAsJsonAsync("/api/products/X",
                new { name = "x", unit = "pcs", price = "1" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await accountant.PostAsync("/api/products/import", new StringContent("x"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await accountant.PostAsync("/api/sync", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await accountant.PostAsync("/api/process-message", null)).StatusCode);
    }

    [Fact]
    public async Task After_thirty_wrong_keys_in_a_minute_an_address_waits()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, good) = await server.AddShopAsync();
        using var guessing = server.Client("sak_00_00");
        for (var i = 0; i < 30; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await guessing.GetAsync("/api/orders")).StatusCode);
        using var refused = await guessing.GetAsync("/api/orders");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        // Another address, reported by a proxy on this machine, is not blocked.
        good.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        Assert.Equal(HttpStatusCode.OK, (await good.GetAsync("/api/orders")).StatusCode);
    }

    [Fact]
    public async Task A_stranger_who_guesses_keys_behind_the_shops_own_proxy_does_not_lock_them_out()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, known) = await server.AddShopAsync();
        Assert.Equal(HttpStatusCode.OK, (await known.GetAsync("/api/orders")).StatusCode);
        using var guessing = server.Client(known.DefaultRequestHeaders.Authorization!.Parameter![..^1]);
        for (var i = 0; i < 31; i++) (await guessing.GetAsync("/api/orders")).Dispose();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await guessing.GetAsync("/api/orders")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await known.GetAsync("/api/orders")).StatusCode);
    }

    [Fact]
    public async Task Health_and_the_description_need_no_key_and_tell_nothing_of_shops()
    {
        await using var server = await TestServer.StartAsync(engine);
        await server.AddShopAsync("Secret Stores");
        using var client = server.Client(null);
        var health = await client.GetStringAsync("/health");
        Assert.Contains("\"database\":\"ok\"", health);
        Assert.DoesNotContain("Secret", health);
        var described =
            JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json")).RootElement.GetProperty("paths")
                .EnumerateObject().Select(p => p.Name).ToList();
        foreach (var path in Reads.Append("/api/sync").Append("/api/products/import").Append("/api/process-message"))
            Assert.Contains(path, described);
    }

    [Fact]
    public async Task What_is_not_there_is_a_problem_too()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, client) = await server.AddShopAsync();
        string[] paths = ["/api/products?page=abc", "/api/orders?page=1e9", "/api/sync", "/api/sync/watch?v=abc"];
        foreach (var path in paths) await TellsAsync(HttpStatusCode.BadRequest, client.GetAsync(path));
        await TellsAsync(HttpStatusCode.BadRequest, client.PostAsJsonAsync("/api/process-message", new { }));
        await TellsAsync(HttpStatusCode.BadRequest,
            client.PostAsync("/api/process-message", new StringContent("{", null, "application/json")));
        await TellsAsync(HttpStatusCode.RequestEntityTooLarge,
            client.PostAsJsonAsync("/api/process-message", new { turnId = new string('x', 2_000_000) }));
        await TellsAsync(HttpStatusCode.UnsupportedMediaType,
            client.PostAsync("/api/process-message", new StringContent("x")));
        using var missing = await client.GetAsync("/api/nothing");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"),
            (missing.StatusCode, missing.Content.Headers.ContentType?.MediaType));
        using var method = await client.DeleteAsync("/api/orders");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "application/problem+json"),
            (method.StatusCode, method.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task HEAD_is_answered_as_GET_without_the_body()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (_, client) = await server.AddShopAsync();
        foreach (var path in Reads.Append("/health"))
        {
            using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path),
                TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        using var closed = await server.Client(null)
            .SendAsync(new HttpRequestMessage(HttpMethod.Head, Reads[0]), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, closed.StatusCode);
    }

    private static async Task TellsAsync(HttpStatusCode status, Task<HttpResponseMessage> asked)
    {
        using var refused = await asked;
        var text = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage(text);
        Assert.Equal((status, "application/problem+json"),
            (refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
        var detail = JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString()!;
        Assert.EndsWith(".", detail);
        Assert.DoesNotContain("Sak.", detail);
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_refused_in_one_sentence()
    {
        await using var server = await TestServer.StartAsync(engine);
        await using var db = server.Database();
        await db.Database.ExecuteSqlAsync(
            $"""INSERT INTO sak_migrations ("MigrationId", "ProductVersion") VALUES ('29991231000000_Later', '99')""");
        var e = await Assert.ThrowsAsync<ServerException>(
            () => OpenDatabase.MigrateAsync(server.Settings, TestContext.Current.CancellationToken));
        Assert.Contains("newer than this program", e.Message);
    }

    [Fact]
    public async Task A_database_from_before_the_first_release_is_refused_with_what_to_do()
    {
        await using var server = await TestServer.StartAsync(engine);
        await using var db = server.Database();
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE sak_migrations SET "MigrationId" = '20261122104958_Initial'
            WHERE "MigrationId" = '20261201000000_Initial'
            """);
        var e = await Assert.ThrowsAsync<ServerException>(
            () => OpenDatabase.MigrateAsync(server.Settings, TestContext.Current.CancellationToken));
        Assert.Contains("before the first release", e.Message);
        Assert.Contains("set Database:Connection or Server:DataFolder to a new database", e.Message);
    }
}

public sealed class AccessOnSqlite() : AccessContract(Engine.Sqlite);

public sealed class AccessOnPostgres() : AccessContract(Engine.Postgres);

public sealed class AccessOnSqlServer() : AccessContract(Engine.SqlServer);
