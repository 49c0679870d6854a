using Npgsql;
using Sak.Server.Settings;

namespace Sak.Tools.Bench;

/// <summary>Drops the temporary database of a measurement.</summary>
internal sealed class BenchDatabase(ServerSettings settings) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (settings.Engine != ServerSettings.Postgres) return;
        NpgsqlConnection.ClearAllPools();
        var database = new NpgsqlConnectionStringBuilder(settings.Connection);
        var name = database.Database;
        database.Database = "postgres";
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP DATABASE {name} WITH (FORCE)", connection);
        await drop.ExecuteNonQueryAsync();
    }
}
