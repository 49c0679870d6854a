using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sak.Server.Data;

namespace Sak.Tests.Contracts;

/// <summary>A request that ends in the middle leaves nothing on its connection.</summary>
public abstract class ConnectionContract(Engine engine) : IAsyncLifetime
{
    private TestServer _server = null!;

    protected Guid Shop { get; private set; }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(engine);
        Shop = (await _server.AddShopAsync()).Key.Shop;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_that_is_cut_with_its_transaction_open_gives_its_connection_back(bool madeBefore)
    {
        await using var provider = Provider();
        for (var request = 0; request < 3; request++)
        {
            await using var scope = provider.CreateAsyncScope();
            var connection = scope.ServiceProvider.GetRequiredService<ShopConnection>();
            connection.Enter(Shop);
            var db = madeBefore ? scope.ServiceProvider.GetRequiredService<SakDb>() : null;
            await ShopWrite.BeginAsync(connection, Shop, Cancel);
            db ??= scope.ServiceProvider.GetRequiredService<SakDb>();
            Assert.Equal(1, await db.ShopVersions.CountAsync(v => v.ShopId == Shop, Cancel));
        }
    }

    protected ServiceProvider Provider()
    {
        var services = new ServiceCollection();
        var settings = engine == Engine.Postgres
            ? _server.Settings
                with { Connection =
                    new NpgsqlConnectionStringBuilder(_server.Settings.Connection) { MaxPoolSize = 1,
                        Timeout = 3 }.ConnectionString }
            : _server.Settings;
        services.AddSakDb(settings);
        return services.BuildServiceProvider();
    }
}

public sealed class ConnectionOnSqlite() : ConnectionContract(Engine.Sqlite);

public sealed class ConnectionOnPostgres() : ConnectionContract(Engine.Postgres)
{
    [Fact]
    public async Task An_answer_whose_rest_can_t_be_read_gives_its_connection_back()
    {
        await using var provider = Provider();
        for (var request = 0; request < 3; request++)
        {
            await using var scope = provider.CreateAsyncScope();
            var connection = scope.ServiceProvider.GetRequiredService<ShopConnection>();
            connection.Enter(Shop);
            // Like a caller that closed the connection: the database cancels the command, which throws when the
            // remaining rows are skipped.
            var moment = await ShopRead.BeginAsync(connection, Shop,
                command => command.CommandText += "; SELECT 1; SELECT 1 / (SELECT count(*) FROM shops WHERE 1 = 0)",
                Cancel);
            await Assert.ThrowsAsync<PostgresException>(async () => await moment.DisposeAsync());
            Assert.Equal(System.Data.ConnectionState.Closed, connection.Driver.State);
        }
    }
}

public sealed class ConnectionOnSqlServer() : ConnectionContract(Engine.SqlServer);
