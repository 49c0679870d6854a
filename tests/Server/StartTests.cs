using Npgsql;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Server;

public sealed class StartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_is_not_there_yet_is_made_by_a_login_that_may()
    {
        var postgres = await PostgresServer.GetAsync(Cancel);
        var name = $"sak_{Guid.NewGuid():N}";
        var given = new NpgsqlConnectionStringBuilder(
            postgres.AsGiven(await postgres.NewDatabaseAsync(Cancel))) { Database = name };
        await using (var login = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(given.ConnectionString) { Database = "postgres" }.ConnectionString))
        {
            await login.OpenAsync(Cancel);
            await using var make = new NpgsqlCommand($"CREATE ROLE {name} LOGIN CREATEDB PASSWORD '{name}'", login);
            await make.ExecuteNonQueryAsync(Cancel);
        }

        (given.Username, given.Password) = (name, name);
        var settings = Postgres(given.ConnectionString);
        Assert.NotEqual(0, (await OpenDatabase.MigrateAsync(settings, Cancel)).Applied);
        Assert.Equal((0, null), await OpenDatabase.MigrateAsync(settings, Cancel));
    }

    [Fact]
    public async Task A_database_that_is_not_there_and_may_not_be_made_is_told_in_one_sentence()
    {
        var postgres = await PostgresServer.GetAsync(Cancel);
        var held = new NpgsqlConnectionStringBuilder(
            await postgres.NewDatabaseAsync(Cancel)) { Database = $"sak_{Guid.NewGuid():N}" };
        var e = await Assert.ThrowsAsync<ServerException>(
            () => OpenDatabase.MigrateAsync(Postgres(held.ConnectionString), Cancel));
        Assert.Contains("permission denied to create database", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Servers_that_start_together_on_an_empty_PostgreSQL_update_it_one_after_the_other()
    {
        var postgres = await PostgresServer.GetAsync(Cancel);
        for (var time = 0; time < 3; time++)
        {
            var settings = Postgres(await postgres.NewDatabaseAsync(Cancel));
            var applied = await Task.WhenAll(
                Enumerable.Range(0, 3).Select(_ => OpenDatabase.MigrateAsync(settings, Cancel)));
            Assert.Contains(applied, a => a.Applied > 0);
            Assert.Equal(0, (await OpenDatabase.MigrateAsync(settings, Cancel)).Applied);
        }
    }

    private static ServerSettings Postgres(string connection) =>
        new("http://127.0.0.1:0", "", ServerSettings.Postgres, connection, TestServer.NoModel);
}
