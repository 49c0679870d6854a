using Microsoft.EntityFrameworkCore;
using Sak.Sync.Replica;

namespace Sak.Tests.Contracts;

/// <summary>Compares the declaration with the tables that migrations make, on every engine.</summary>
public abstract class DriftContract(Engine engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tables_that_migrations_make_are_the_declared_ones()
    {
        await using var server = await TestServer.StartAsync(engine);
        await using var db = server.Database();
        await db.Database.OpenConnectionAsync(Cancel);
        foreach (var table in Tables.All)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM {table.Name} WHERE 1 = 0";
            await using var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.KeyInfo, Cancel);
            var made = (await reader.GetColumnSchemaAsync(Cancel)).Where(c => c.IsHidden != true)
                .ToDictionary(c => c.ColumnName);
            Assert.Equal(table.Columns.Select(c => c.Name).Concat(["shop_id", "ver", "origin"]).Order(),
                made.Keys.Order());
            foreach (var column in table.Columns)
            {
                var type = (column.Kind, engine) switch
                {
                    (ColumnKind.Id, not Engine.Sqlite) => typeof(Guid),
                    (ColumnKind.Id or ColumnKind.Text, _) => typeof(string),
                    _ => typeof(long),
                };
                Assert.True(made[column.Name].DataType == type,
                    $"{table.Name}.{column.Name} is {made[column.Name].DataType}");
                Assert.True(made[column.Name].AllowDBNull == column.Nullable,
                    $"{table.Name}.{column.Name} allows nothing: {made[column.Name].AllowDBNull}");
            }
        }
    }

    [Fact]
    public async Task Every_declared_table_has_triggers_for_other_programs_and_the_feeds_index()
    {
        await using var server = await TestServer.StartAsync(engine);
        await using var db = server.Database();
        var (triggers, indexes) = engine switch
        {
            Engine.Sqlite =>
                ("SELECT name AS \"Value\" FROM sqlite_master WHERE type = 'trigger'",
                    "SELECT name AS \"Value\" FROM sqlite_master WHERE type = 'index'"),
            Engine.Postgres =>
                ("SELECT tgname::text AS \"Value\" FROM pg_trigger",
                    "SELECT indexname::text AS \"Value\" FROM pg_indexes"),
            _ => ("SELECT name AS [Value] FROM sys.triggers",
                "SELECT name AS [Value] FROM sys.indexes WHERE name IS NOT NULL"),
        };
        var made =
            (await db.Database.SqlQueryRaw<string>(triggers).ToListAsync(Cancel)).Concat(
                await db.Database.SqlQueryRaw<string>(indexes).ToListAsync(Cancel)).ToHashSet();
        foreach (var table in Tables.All)
        {
            string[] wanted = engine == Engine.Sqlite
                ? [$"{table.Name}_foreign_insert", $"{table.Name}_foreign_update", $"{table.Name}_foreign_delete"]
                : [$"{table.Name}_foreign"];
            // A server that speaks TDS over another engine may return names in lower case with a suffix.
            Assert.All(wanted.Append($"IX_{table.Name}_shop_id_ver"), w => Assert.Contains(
                made, m => engine == Engine.SqlServer ? m.StartsWith(w, StringComparison.OrdinalIgnoreCase) : m == w));
        }
    }
}

public sealed class DriftOnSqlite() : DriftContract(Engine.Sqlite);

public sealed class DriftOnPostgres() : DriftContract(Engine.Postgres);

public sealed class DriftOnSqlServer() : DriftContract(Engine.SqlServer);
