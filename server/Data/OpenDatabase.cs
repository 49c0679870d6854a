using System.ComponentModel;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Sak.Server.Data;

/// <summary>Makes the database of the settings reachable, and brings it to this program's version.</summary>
public static class OpenDatabase
{
    private const int MostPrepared = 60;

    // PostgreSQL lets in 100 by default, for all servers together; more at once than it has processors help nobody. A
    // request that finds none free waits for one.
    private const int MostConnections = 30;

    /// <summary>Registers <see cref="SakDb"/> for the engine of the settings. Contexts are used again: to make one costs more than most requests.</summary>
    public static void AddSakDb(this IServiceCollection services, ServerSettings settings)
    {
        switch (settings.Engine)
        {
            case ServerSettings.Sqlite:
                services.AddPooled<SqliteDb>(o => Sqlite(o, settings.Connection));
                break;
            case ServerSettings.Postgres:
                services.AddPooled<PostgreSqlDb>(o => PostgreSql(o, settings.Connection));
                break;
            default:
                services.AddPooled<SqlServerDb>(o => SqlServer(o, settings.Connection));
                break;
        }
    }

    /// <summary>A database of the settings that sees all shops, for commands and tests; the caller disposes it.</summary>
    public static SakDb New(ServerSettings settings)
    {
        SakDb db = settings.Engine switch
        {
            ServerSettings.Sqlite => new SqliteDb(Options<SqliteDb>(o => Sqlite(o, settings.Connection))),
            ServerSettings.Postgres => new PostgreSqlDb(Options<PostgreSqlDb>(o => PostgreSql(o, settings.Connection))),
            _ => new SqlServerDb(Options<SqlServerDb>(o => SqlServer(o, settings.Connection))),
        };
        db.EnterAllShops();
        return db;
    }

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
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or InvalidOperationException or NotSupportedException)
        {
            return false;
        }
    }

    private static void AddPooled<TDb>(this IServiceCollection services, Action<DbContextOptionsBuilder> configure)
        where TDb : SakDb
    {
        services.AddPooledDbContextFactory<TDb>(configure);
        services.AddScoped<SakDb>(scope =>
        {
            var db = scope.GetRequiredService<IDbContextFactory<TDb>>().CreateDbContext();
            db.Leave();
            return db;
        });
    }

    /// <summary>Applies what is missing. Throws <see cref="ServerException"/> when the database is away, read-only, or newer than this program.</summary>
    public static async Task<int> MigrateAsync(SakDb db, ServerSettings settings, CancellationToken cancel)
    {
        try
        {
            if (settings.Engine == ServerSettings.Sqlite) PrepareFile(settings.Connection);
            var known = db.Database.GetMigrations().ToHashSet();
            var applied = await db.Database.CanConnectAsync(cancel) ? (await db.Database.GetAppliedMigrationsAsync(cancel)).ToList() : [];
            var foreign = applied.FirstOrDefault(m => !known.Contains(m));
            if (foreign is not null)
                throw new ServerException($"The database is newer than this program (it has \"{foreign}\"): install the newer sak-server, or use another database.");
            // To find out that there is nothing to do takes EF six megabytes, which stay.
            if (applied.Count < known.Count) await db.Database.MigrateAsync(cancel);
            if (settings.Engine == ServerSettings.Sqlite) await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancel);
            return known.Count - applied.Count;
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException or ArgumentException
            or InvalidOperationException { InnerException: DbException })
        {
            throw new ServerException(Explain(settings, e), e);
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
            SqliteException { SqliteErrorCode: 8 or 14 } or UnauthorizedAccessException or IOException when settings.Engine == ServerSettings.Sqlite =>
                $"The database file \"{new SqliteConnectionStringBuilder(settings.Connection).DataSource}\" can't be written ({cause}): give this user the right to write, or set Server:DataFolder to another folder.",
            SqliteException { SqliteErrorCode: 26 } => "The database file is not a SQLite database: set Database:Connection to another file.",
            ArgumentException => "Database:Connection can't be used: correct the connection string.", // The cause may hold the password.
            _ => $"The {settings.Engine} database can't be reached or refused ({cause}): check that it runs and that Database:Connection is right.",
        };
    }

    // SQL Server's library puts the system's last error beneath its own, also where that says "Success".
    private static Exception Cause(Exception e)
    {
        while (e.InnerException is { } inner and not Win32Exception { NativeErrorCode: 0 }) e = inner;
        return e;
    }

    private static DbContextOptions<T> Options<T>(Action<DbContextOptionsBuilder> configure)
        where T : DbContext
    {
        var builder = new DbContextOptionsBuilder<T>();
        configure(builder);
        return builder.Options;
    }

    private static void Sqlite(DbContextOptionsBuilder options, string connection) =>
        Common(options.UseSqlite(connection, s => s.MigrationsHistoryTable("sak_migrations")));

    private static void PostgreSql(DbContextOptionsBuilder options, string connection) =>
        Common(options.UseNpgsql(Prepared(connection), s => s.MigrationsHistoryTable("sak_migrations")));

    // Unless the operator says otherwise. A pull asks all tables at once; to have them parsed and rewritten for the wall each time took half of its time.
    private static string Prepared(string connection)
    {
        var builder = new NpgsqlConnectionStringBuilder(connection);
        if (!connection.Contains("Auto Prepare", StringComparison.OrdinalIgnoreCase)) (builder.MaxAutoPrepare, builder.AutoPrepareMinUsages) = (MostPrepared, 2);
        // To be reset takes a connection as long as a small read, and nothing is left to it: whoever opens it, or the transaction, is told anew whose rows it shows.
        if (!connection.Contains("Reset On Close", StringComparison.OrdinalIgnoreCase)) builder.NoResetOnClose = true;
        if (!connection.Contains("Pool Size", StringComparison.OrdinalIgnoreCase)) builder.MaxPoolSize = MostConnections;
        return builder.ConnectionString;
    }

    // Up to 42 rows a statement would be MERGE only for identity keys; SAK's ids are made by the client, so none is.
    private static void SqlServer(DbContextOptionsBuilder options, string connection) =>
        Common(options.UseSqlServer(connection, s => s.MigrationsHistoryTable("sak_migrations").UseCompatibilityLevel(130)));

    private static void Common(DbContextOptionsBuilder options) =>
        options.UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .AddInterceptors(ShopWall.Instance)
            .ConfigureWarnings(w => w.Ignore(RelationalEventId.CommandExecuted, RelationalEventId.ConnectionError));

    internal sealed class SqliteAtDesignTime : IDesignTimeDbContextFactory<SqliteDb>
    {
        public SqliteDb CreateDbContext(string[] args) => new(Options<SqliteDb>(o => Sqlite(o, "Data Source=design.db")));
    }

    internal sealed class PostgreSqlAtDesignTime : IDesignTimeDbContextFactory<PostgreSqlDb>
    {
        public PostgreSqlDb CreateDbContext(string[] args) => new(Options<PostgreSqlDb>(o => PostgreSql(o, "Host=design")));
    }

    internal sealed class SqlServerAtDesignTime : IDesignTimeDbContextFactory<SqlServerDb>
    {
        public SqlServerDb CreateDbContext(string[] args) => new(Options<SqlServerDb>(o => SqlServer(o, "Server=design")));
    }
}
