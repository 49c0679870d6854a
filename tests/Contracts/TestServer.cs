using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sak.Server;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Server.Shops;
using Sak.Tests.Support;

namespace Sak.Tests.Contracts;

/// <summary>The engines that the contract suites run on.</summary>
public enum Engine { Sqlite, Postgres, SqlServer }

/// <summary>A real server on a free port over a database of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly WebApplication _app;

    private TestServer(ServerSettings settings, string folder, WebApplication app) =>
        (Settings, _folder, _app) = (settings, folder, app);

    public ServerSettings Settings { get; }

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    public static readonly ModelSettings NoModel = new(ServerSettings.None, "", "", "", 20, 5, 1_000, 500_000);

    /// <summary>Skips the running test, with the reason, when the engine is not available.</summary>
    public static async Task<TestServer> StartAsync(Engine engine, ModelSettings? model = null,
        Action<IServiceCollection>? replace = null)
    {
        var folder = Directory.CreateTempSubdirectory("sak-server-").FullName;
        try
        {
            var (name, connection) = await DatabaseAsync(engine, folder);
            return await StartAsync(
                new ServerSettings("http://127.0.0.1:0", folder, name, connection, model ?? NoModel), folder, replace);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A second server over the same database, like another process.</summary>
    public Task<TestServer> SecondAsync(string? connection = null) =>
        StartAsync(connection is null ? Settings : Settings with { Connection = connection }, "", null);

    private static async Task<TestServer> StartAsync(ServerSettings settings, string folder,
        Action<IServiceCollection>? replace)
    {
        var app = ServerHost.Build(settings, replace);
        await ServerHost.StartAsync(app, TestContext.Current.CancellationToken);
        return new TestServer(settings, folder, app);
    }

    /// <summary>Makes a shop; the client carries its device key.</summary>
    public async Task<(NewKey Key, HttpClient Client)> AddShopAsync(string name = "Asha Stores",
        string currency = "INR", bool taxInclusive = false)
    {
        await using var db = Database();
        var key = await new AddShop(db, TimeProvider.System)
            .ShopAsync(name, currency, taxInclusive, "", TestContext.Current.CancellationToken);
        return (key, Client(key.Key));
    }

    public async Task<HttpClient> AddKeyAsync(Guid shop, string role)
    {
        await using var db = Database();
        return Client(
            (await new AddShop(db, TimeProvider.System)
                .KeyAsync(shop.ToString(), role, TestContext.Current.CancellationToken)).Key);
    }

    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public SakDb Database() => OpenDatabase.New(Settings);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_folder.Length == 0) return;
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        NpgsqlConnection.ClearAllPools();
        if (Settings.Engine == ServerSettings.SqlServer) await DropAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // A server that was lent for the tests gets no more databases than it had.
    private async Task DropAsync()
    {
        SqlConnection.ClearAllPools();
        var name = new SqlConnectionStringBuilder(Settings.Connection).InitialCatalog;
        try
        {
            await using var connection = new SqlConnection(Environment.GetEnvironmentVariable("SAK_TEST_SQLSERVER"));
            await connection.OpenAsync();
            await using var drop = new SqlCommand($"DROP DATABASE {name}", connection);
            await drop.ExecuteNonQueryAsync();
        }
        catch (SqlException left)
        {
            TestContext.Current.SendDiagnosticMessage(
                $"SQL Server: the database {name} of a test could not be dropped ({left.Message}).");
        }
    }

    private static async Task<(string Engine, string Connection)> DatabaseAsync(Engine engine, string folder)
    {
        var cancel = TestContext.Current.CancellationToken;
        switch (engine)
        {
            case Engine.Sqlite:
                return (ServerSettings.Sqlite, $"Data Source={Path.Combine(folder, "sak.db")}");
            case Engine.Postgres:
                return (ServerSettings.Postgres,
                    await (await PostgresServer.GetAsync(cancel)).NewDatabaseAsync(cancel));
            default:
                if (Environment.GetEnvironmentVariable("SAK_TEST_SQLSERVER") is not { Length: > 0 } given)
                {
                    Assert.Skip(
                        "SQL Server: SAK_TEST_SQLSERVER is not set; set it to a connection string of a login that may "
                            + "create databases.");
                    throw new InvalidOperationException();
                }

                var name = $"sak_{Guid.NewGuid():N}";
                await using (var connection = new SqlConnection(given))
                {
                    await connection.OpenAsync(cancel);
                    await using var create = new SqlCommand($"CREATE DATABASE {name}", connection);
                    await create.ExecuteNonQueryAsync(cancel);
                }

                return (ServerSettings.SqlServer,
                    new SqlConnectionStringBuilder(given) { InitialCatalog = name }.ConnectionString);
        }
    }
}
