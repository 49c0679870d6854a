using System.ComponentModel;
using System.Data.Common;
using System.Reflection;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Sak.Server.Data.Dialects;
using Sak.Server.Settings;

namespace Sak.Server.Data;

/// <summary>Makes the database of the settings reachable, and brings it to this program's version.</summary>
public static class OpenDatabase
{
    private const int LongestUpdate = 600; // Seconds for which a server waits for another that updates.

    /// <summary>
    /// Registers one <see cref="ShopConnection"/> for each request to the configured database, and
    /// <see cref="SakDb"/> over it.
    /// </summary>
    public static void AddSakDb(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton(DialectOf(settings));
        services.AddScoped(s => s.GetRequiredService<Dialect>().Connect());
        services.AddScoped(s => s.GetRequiredService<Dialect>().Model(s.GetRequiredService<ShopConnection>()));
    }

    /// <summary>
    /// Opens the configured database with access to all shops, for commands and tests; the caller disposes it.
    /// </summary>
    public static SakDb New(ServerSettings settings)
    {
        var dialect = DialectOf(settings);
        var connection = dialect.Connect();
        connection.EnterAllShops();
        return dialect.Model(connection);
    }

    public static Dialect DialectOf(ServerSettings settings) => settings.Engine switch
    {
        ServerSettings.Sqlite => new SqliteDialect(settings.Connection),
        ServerSettings.Postgres => new PostgreSqlDialect(settings.Connection),
        _ => new SqlServerDialect(settings.Connection),
    };

    /// <summary>Whether the engine's own library can read the connection string.</summary>
    public static bool CanRead(string engine, string connection)
    {
        try
        {
            DbConnectionStringBuilder read = engine switch
            {
                ServerSettings.Sqlite => new SqliteConnectionStringBuilder(connection),
                ServerSettings.Postgres => new NpgsqlConnectionStringBuilder(connection),
                _ => new SqlConnectionStringBuilder(connection),
            };
            return read.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException
            or InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>
    /// Applies missing migrations and returns what the operator should know. Throws <see cref="ServerException"/> when
    /// the database can't be reached, is read-only, or is newer than this program.
    /// </summary>
    /// <returns>
    /// The number of applied migrations, and why the database itself does not separate shops; null when it does, or
    /// can't on this engine.
    /// </returns>
    public static async Task<(int Applied, string? Gap)> MigrateAsync(ServerSettings settings, CancellationToken cancel)
    {
        try
        {
            if (settings.Engine == ServerSettings.Sqlite) PrepareFile(settings.Connection);
            var dialect = DialectOf(settings);
            await using var connection = dialect.Connect();
            connection.EnterAllShops();
            var known = Known(dialect);
            var applied = await AppliedAsync(connection, cancel);
            if (applied.Except(known).Max(StringComparer.Ordinal) is { } foreign)
                throw new ServerException(Refuse(foreign, known));
            if (applied.Count < known.Count) await UpdateAsync(settings, connection, cancel);
            await connection.OpenAsync(cancel);
            if (dialect.Prepares is { } prepare) await connection.ExecuteAsync(prepare, [], cancel);
            return (known.Count - applied.Count, await dialect.FindGapInWallAsync(connection, cancel));
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or ArgumentException
            or InvalidOperationException { InnerException: DbException })
        {
            throw new ServerException(Explain(settings, e), e);
        }
    }

    // The names begin with their time of creation. A migration older than the first one of this program comes from an
    // unreleased build, whose migrations were merged into that first one.
    private static string Refuse(string foreign, HashSet<string> known) =>
        string.CompareOrdinal(foreign, known.Min(StringComparer.Ordinal)) < 0
            ? $"The database was made by a build from before the first release (it has \"{foreign}\") and can't be "
                + "upgraded: set Database:Connection or Server:DataFolder to a new database, or delete this one, and "
                + "add the shops again."
            : $"The database is newer than this program (it has \"{foreign}\"): install the newer sak-server, or use "
                + "another database.";

    private static async Task UpdateAsync(ServerSettings settings, ShopConnection connection, CancellationToken cancel)
    {
        await using var db = New(settings);
        if (connection.Dialect.UpdateLock is not { } updating)
        {
            await db.Database.MigrateAsync(cancel);
            return;
        }

        var database = db.GetService<IRelationalDatabaseCreator>();
        if (!await database.ExistsAsync(cancel)) await database.CreateAsync(cancel);
        await connection.OpenAsync(cancel);
        await using var take = connection.Command(updating.Take);
        take.CommandTimeout = LongestUpdate;
        await take.ExecuteNonQueryAsync(cancel);
        try
        {
            // Migrations that another server applied in the meantime are skipped.
            await db.Database.MigrateAsync(cancel);
        }
        finally
        {
            await connection.ExecuteAsync(updating.Give, [], CancellationToken.None);
        }
    }

    // The build records the names (see the project file): asking EF takes 30 MB, which stay allocated, and scanning
    // this program's types takes 5 MB.
    internal static HashSet<string> Known(Dialect dialect) =>
        [.. typeof(OpenDatabase).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Select(file => file.Key.Replace('\\', '/'))
            .Where(file => file.StartsWith($"Data/Migrations/{dialect.Migrations}/", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file)!)];

    private static async Task<List<string>> AppliedAsync(ShopConnection connection, CancellationToken cancel)
    {
        try
        {
            return await connection.ListAsync(
                connection.Command("SELECT \"MigrationId\" FROM sak_migrations ORDER BY 1"), row => row.GetString(0),
                cancel);
        }
        catch (DbException)
        {
            // The table or the database does not exist yet: the update creates both. A database that can't be reached
            // fails there too.
            return [];
        }
    }

    private static void PrepareFile(string connection)
    {
        var file = new SqliteConnectionStringBuilder(connection).DataSource;
        if (file.Length == 0 || file == ":memory:" || file.StartsWith("file:", StringComparison.Ordinal)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        if (File.Exists(file)) return;
        File.WriteAllBytes(file, []);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static string Explain(ServerSettings settings, Exception e)
    {
        var cause = Cause(e).Message.ReplaceLineEndings(" ").TrimEnd('.');
        return e.GetBaseException() switch
        {
            SqliteException { SqliteErrorCode: 8 or 14 } or UnauthorizedAccessException or IOException
                when settings.Engine == ServerSettings.Sqlite =>
                $"The database file \"{new SqliteConnectionStringBuilder(settings.Connection).DataSource}\" can't be "
                    + $"written ({cause}): give this user the right to write, or set Server:DataFolder to another "
                    + "folder.",
            SqliteException { SqliteErrorCode: 26 } =>
                "The database file is not a SQLite database: set Database:Connection to another file.",
            // The exception's message may contain the password.
            ArgumentException => "Database:Connection can't be used: correct the connection string.",
            _ => $"The {settings.Engine} database can't be reached or refused ({cause}): check that it runs and that "
                + "Database:Connection is right.",
        };
    }

    // SQL Server's library adds the system's last error as the innermost exception, even when that is "Success".
    private static Exception Cause(Exception e)
    {
        while (e.InnerException is { } inner and not Win32Exception { NativeErrorCode: 0 }) e = inner;
        return e;
    }

    internal sealed class SqliteAtDesignTime : IDesignTimeDbContextFactory<SqliteDb>
    {
        public SqliteDb CreateDbContext(string[] args) => new(new SqliteDialect("Data Source=design.db").Connect());
    }

    internal sealed class PostgreSqlAtDesignTime : IDesignTimeDbContextFactory<PostgreSqlDb>
    {
        public PostgreSqlDb CreateDbContext(string[] args) => new(new PostgreSqlDialect("Host=design").Connect());
    }

    internal sealed class SqlServerAtDesignTime : IDesignTimeDbContextFactory<SqlServerDb>
    {
        public SqlServerDb CreateDbContext(string[] args) => new(new SqlServerDialect("Server=design").Connect());
    }
}
