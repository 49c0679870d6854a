using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Sync.Replica;
using Sak.Tests.Contracts;
using Sak.Tests.Support;
using Sak.Tools;

namespace Sak.Tests.Server;

/// <summary>Migrations are frozen: they run no code of the program, and create what the program needs.</summary>
public sealed partial class MigrationTests
{
    // The order and the defaults of columns may differ: a column that came later is the last, with a default
    // for earlier rows.
    private const string OnSqlite = """
        WITH made AS (SELECT * FROM sqlite_master WHERE tbl_name NOT IN ('sak_migrations', '__EFMigrationsLock'))
        SELECT sql FROM made WHERE type IN ('trigger', 'index') AND sql <> ''
        UNION ALL
        SELECT format('column %s.%s %s %d %d', made.name, c.name, c.type, c."notnull", c.pk)
        FROM made JOIN pragma_table_info(made.name) c WHERE made.type = 'table'
        """;

    private const string OnPostgreSql = """
        WITH made AS (SELECT oid, relname, relrowsecurity, relforcerowsecurity FROM pg_class
                      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'sak_migrations')
        SELECT format('table %s %s %s', relname, relrowsecurity, relforcerowsecurity) FROM made
        UNION ALL
        SELECT format('column %s.%s %s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull,
                      attstattarget)
        FROM made JOIN pg_attribute ON attrelid = made.oid AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT format('constraint %s.%s %s', relname, conname, pg_get_constraintdef(c.oid))
        FROM made JOIN pg_constraint c ON conrelid = made.oid
        UNION ALL
        SELECT indexdef FROM pg_indexes JOIN made ON relname = tablename
        UNION ALL
        SELECT pg_get_triggerdef(t.oid) FROM made JOIN pg_trigger t ON tgrelid = made.oid WHERE NOT tgisinternal
        UNION ALL
        SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT format('policy %s.%s %s %s %s %s %s', tablename, policyname, permissive, roles, cmd, qual, with_check)
        FROM pg_policies
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_migration_runs_no_code_that_may_change_after_its_release()
    {
        var names = new[] { typeof(OpenDatabase), typeof(Tables) }.SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("Sak.Server.Data.Migrations", StringComparison.Ordinal) == false)
            .Select(type => type.Name.Split('`')[0]).ToHashSet();
        var folder = Path.Combine(House.Root, "server", "Data", "Migrations");
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories);

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(Named));

        IEnumerable<string> Named(string file) =>
            Word().Matches(Harmless().Replace(File.ReadAllText(file), "")).Select(word => word.Value)
                .Where(names.Contains).Distinct().Select(name => $"{Path.GetFileName(file)}: {name}");
    }

    [Fact]
    public async Task On_SQLite_the_migrations_make_what_the_program_needs()
    {
        await using var migrated = New(ServerSettings.Sqlite, "Data Source=:memory:");
        await using var declared = New(ServerSettings.Sqlite, "Data Source=:memory:");

        await CompareAsync(migrated, declared, UnmodelledSchema.Sqlite(), OnSqlite);
    }

    [Fact]
    public async Task On_PostgreSQL_the_migrations_make_what_the_program_needs()
    {
        var postgres = await PostgresServer.GetAsync(Cancel);
        await using var migrated = New(ServerSettings.Postgres, await postgres.NewDatabaseAsync(Cancel));
        await using var declared = New(ServerSettings.Postgres, await postgres.NewDatabaseAsync(Cancel));

        await CompareAsync(migrated, declared, UnmodelledSchema.PostgreSql(), OnPostgreSql);
    }

    // Without a server: DriftTests compares the tables with EF's snapshot of the model.
    [Fact]
    public void On_SQL_Server_the_migrations_make_what_the_program_needs()
    {
        using var db = New(ServerSettings.SqlServer, "Server=design");
        var migrations = db.GetService<IMigrationsAssembly>();
        var said = migrations.Migrations.OrderBy(step => step.Key, StringComparer.Ordinal)
            .SelectMany(step => migrations.CreateMigration(step.Value, db.Database.ProviderName!).UpOperations)
            .OfType<SqlOperation>().SelectMany(operation => Unpacked(operation.Sql));

        AssertSame(StandingTSql(said), StandingTSql(UnmodelledSchema.SqlServer()));
    }

    private static SakDb New(string engine, string connection) =>
        OpenDatabase.New(new ServerSettings("", "", engine, connection, TestServer.NoModel));

    private static async Task CompareAsync(
        SakDb migrated, SakDb declared, IEnumerable<string> unmodelled, string catalog)
    {
        await migrated.Connection.OpenAsync(Cancel);
        await declared.Connection.OpenAsync(Cancel);
        await migrated.Database.MigrateAsync(Cancel);
        await declared.Connection.ExecuteAsync(declared.Database.GenerateCreateScript(), [], Cancel);
        foreach (var sql in unmodelled) await declared.Connection.ExecuteAsync(sql, [], Cancel);

        AssertSame(await ReadAsync(migrated), await ReadAsync(declared));

        async Task<List<string>> ReadAsync(SakDb db) =>
            await db.Connection.ListAsync(db.Connection.Command(catalog), row => OneLine(row.GetString(0)), Cancel);
    }

    private static void AssertSame(IReadOnlyCollection<string> migrated, IReadOnlyCollection<string> declared)
    {
        var (missing, left) = (declared.Except(migrated).ToList(), migrated.Except(declared).ToList());
        Assert.True(declared.Count > 20, $"only {declared.Count} objects were read");
        Assert.True(
            missing.Count + left.Count == 0,
            $"""
            Add a migration for each engine (see "Adding a migration" in CONTRIBUTING.md) that makes
            {string.Join('\n', missing)}
            in place of
            {string.Join('\n', left)}
            """);
    }

    private static IEnumerable<string> Unpacked(string sql) => Executed().Matches(sql) is { Count: > 0 } executed
        ? executed.Select(e => e.Groups[1].Value.Replace("''", "'")) : [sql];

    // The result of the statements: the last text of each trigger and function, and the predicates of the policy.
    private static List<string> StandingTSql(IEnumerable<string> statements)
    {
        var standing = new Dictionary<string, string>();
        foreach (var sql in statements.Select(OneLine))
        {
            if (Made().Match(sql) is { Success: true } made) standing[made.Groups[1].Value] = sql[made.Index..];
            else if (Gone().Match(sql) is { Success: true } gone) standing.Remove(gone.Groups[1].Value);
            foreach (var (verb, rule) in Predicate().Matches(sql).Select(p => (p.Groups[1].Value, p.Groups[2].Value)))
                if (verb == "ADD") standing[rule] = rule;
                else standing.Remove(rule);
        }

        return [.. standing.Values];
    }

    private static string OneLine(string sql) => Space().Replace(sql, " ").Trim();

    // Comments, the attribute that EF needs, names in quotation marks, and EF's own column builder.
    [GeneratedRegex("""//.*|\[DbContext\(typeof\(\w+\)\)\]|"[\w.]*"|\btable\.Column<""")]
    private static partial Regex Harmless();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"EXEC\(N'((?:[^']|'')*)'\)")]
    private static partial Regex Executed();

    [GeneratedRegex(@"CREATE (?:TRIGGER|FUNCTION) (\S+)")]
    private static partial Regex Made();

    [GeneratedRegex(@"DROP (?:TRIGGER|FUNCTION) (\S+)")]
    private static partial Regex Gone();

    [GeneratedRegex(@"(ADD|DROP) ((?:FILTER|BLOCK) PREDICATE [^,]+)")]
    private static partial Regex Predicate();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
