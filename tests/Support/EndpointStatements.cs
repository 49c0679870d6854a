using System.Data;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sak.Server;
using Sak.Server.Api;
using Sak.Server.Data;
using Sak.Server.Data.Dialects;
using Sak.Server.Settings;
using Sak.Server.Shops;
using Sak.Sync.Model;
using Sak.Sync.Wire;
using Sak.Tests.Contracts;

namespace Sak.Tests.Support;

/// <summary>
/// The statements of the server's endpoints for SQL Server: the real server over recording connections, which answer
/// each query of EF with one invented row, so that statements that depend on a row run too.
/// </summary>
internal static partial class EndpointStatements
{
    private static readonly DeviceKey Key = DeviceKey.New();

    public static async Task<IReadOnlyList<string>> RecordAsync(Guid shop, CancellationToken cancel)
    {
        var connections = new List<RecordingConnection>();
        var role = "";
        var dialect = new SqlServerDialect("Server=nowhere");
        using var model = dialect.Model(dialect.Connect());
        ShopConnection Connect()
        {
            var driver = new RecordingConnection
                { Knows = sql => sql.Contains("FROM \"keys\" k", StringComparison.Ordinal)
                    ? KeyRow(shop, role)
                    : Row(model, shop, sql) };
            lock (connections) connections.Add(driver);
            return new ShopConnection(dialect, driver);
        }

        var settings = new ServerSettings("http://127.0.0.1:0", Path.GetTempPath(), ServerSettings.SqlServer,
            "Server=nowhere", TestServer.NoModel);
        await using var app = ServerHost.Build(settings, services => services.AddScoped(_ => Connect()));
        await app.StartAsync(cancel);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key.Text);
        role = nameof(Roles.Operator);
        await AskAsOperatorAsync(client, cancel);
        role = nameof(Roles.Device);
        await AskAsDeviceAsync(client, cancel);
        using (var connection = Connect()) await CommandAsync(dialect, connection, shop, cancel);
        await app.StopAsync(cancel);
        lock (connections) return [.. connections.SelectMany(c => c.Statements.ToArray())];
    }

    private static async Task AskAsOperatorAsync(HttpClient client, CancellationToken cancel)
    {
        foreach (var address in new[]
        {
            "/api/products", "/api/products?search=rice", "/api/orders",
            "/api/orders?status=confirmed&from=2026-01-01&to=2026-01-31", "/api/customers",
            "/api/customers?search=asha", "/api/exports/orders?from=2026-01-01&to=2026-01-31",
        })
            await SayAsync(client.GetAsync(address, cancel));
        await SayAsync(
            client.PutAsJsonAsync("/api/products/NEW-1",
                new { name = "Rice", unit = "kg", price = "70.00", stock = 5 }, cancel));
        await SayAsync(
            client.PostAsync("/api/products/import",
                new StringContent("sku,name,aliases,unit,pack,price\nA-1,Rice,,kg,,70.00\nA-2,Oil,,l,,90.00\n",
                    Encoding.UTF8, "text/csv"), cancel));
    }

    private static async Task AskAsDeviceAsync(HttpClient client, CancellationToken cancel)
    {
        await SayAsync(
            client.PostAsJsonAsync("/api/number", new LeaseRequest("919800000001", "counter", TakeOver: true), cancel));
        await SayAsync(client.PostAsJsonAsync("/api/process-message", Turn(), cancel));
    }

    // The commands that make and revoke keys.
    private static async Task CommandAsync(SqlServerDialect dialect, ShopConnection connection, Guid shop,
        CancellationToken cancel)
    {
        connection.EnterAllShops();
        var shops = new AddShop(dialect.Model(connection), TimeProvider.System);
        // Only the statements matter, not what the endpoint does with an invented row.
        foreach (var command in new Func<Task>[]
        {
            () => shops.ShopAsync("Asha Stores", "INR", false, "", cancel),
            () => shops.KeyAsync(shop.ToString(), "accountant", cancel), () => shops.RevokeAsync("0123", cancel),
        })
            _ = await Record.ExceptionAsync(command);
    }

    // A failure in the middle does no harm: the statements up to it are recorded.
    private static async Task SayAsync(Task<HttpResponseMessage> request)
    {
        using var answer = await request;
        Assert.True((int)answer.StatusCode is < 400 or 500,
            $"{answer.RequestMessage!.RequestUri} was refused: {answer.StatusCode} "
                + $"{await answer.Content.ReadAsStringAsync()}");
    }

    private static ProcessMessageRequest Turn() => new(
        Protocol.Version, Guid.CreateVersion7(), [new TurnMessage("m1", "2 kg rice", DateTimeOffset.UnixEpoch)], [],
        BasketState.Empty, [], "en", new Dictionary<string, string>(), 0);

    private static DataTable KeyRow(Guid shop, string role)
    {
        var table = new DataTable();
        foreach (var (name, type) in new[] { ("shop_id", typeof(Guid)), ("hash", typeof(byte[])),
            ("role", typeof(string)), ("revoked_at", typeof(long)), ("version", typeof(long)) })
            table.Columns.Add(name, type);
        table.Rows.Add(shop, Key.Hash, role, DBNull.Value, 7L);
        return table;
    }

    // The columns in EF's query, each with its type in the model.
    private static DataTable? Row(SakDb db, Guid shop, string sql)
    {
        if (Select().Match(sql) is not { Success: true } select)
            return sql.StartsWith("SELECT COUNT", StringComparison.Ordinal) ? One(1) : null;
        var from = From().Matches(sql).ToLookup(m => m.Groups["as"].Value, m => m.Groups["table"].Value);
        var (table, values) = (new DataTable(), new List<object>());
        foreach (Match column in Column().Matches(select.Groups["list"].Value))
        {
            var entity = db.Model.GetEntityTypes()
                .First(e => e.GetTableName() == from[column.Groups["of"].Value].FirstOrDefault(e.GetTableName()!));
            var property = entity.GetProperties().First(p => p.GetColumnName() == column.Groups["name"].Value);
            var value = Value(property.ClrType, property.GetColumnName(), shop);
            table.Columns.Add($"{values.Count}", value.GetType());
            values.Add(value);
        }

        table.Rows.Add([.. values]);
        return table;
    }

    private static object Value(Type type, string column, Guid shop) =>
        (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var t when t == typeof(Guid) => shop,
            var t when t == typeof(long) => 1L,
            var t when t == typeof(int) => 1,
            var t when t == typeof(bool) => false,
            var t when t == typeof(byte[]) => new byte[32],
            _ => column switch { "currency" => "INR", "sku" => "A-1", "status" => "confirmed", _ => "" },
        };

    private static DataTable One(int value)
    {
        var table = new DataTable();
        table.Columns.Add("value", typeof(int));
        table.Rows.Add(value);
        return table;
    }

    [GeneratedRegex(
        @"^SELECT (TOP\(\S+\) )?"
            + @"(?<list>\[\w+\]\.\[\w+\]( AS \[\w+\])?(, \[\w+\]\.\[\w+\]( AS \[\w+\])?)*)\s+FROM \[")]
    private static partial Regex Select();

    [GeneratedRegex(@"(FROM|JOIN) \[(?<table>\w+)\] AS \[(?<as>\w+)\]")]
    private static partial Regex From();

    [GeneratedRegex(@"\[(?<of>\w+)\]\.\[(?<name>\w+)\]( AS \[\w+\])?")]
    private static partial Regex Column();
}
