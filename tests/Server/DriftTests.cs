using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Tests.Contracts;

namespace Sak.Tests.Server;

public sealed class DriftTests
{
    // Models and migrations are compared without a server: the connections are never opened.
    private static SakDb New(string engine)
    {
        var connection = engine switch
        {
            ServerSettings.Sqlite => "Data Source=:memory:",
            ServerSettings.SqlServer => "Server=design",
            _ => "Host=design",
        };
        return OpenDatabase.New(new ServerSettings("", "", engine, connection, TestServer.NoModel));
    }

    public static TheoryData<string> Engines =>
        [ServerSettings.Sqlite, ServerSettings.Postgres, ServerSettings.SqlServer];

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_model_has_every_synced_column_and_no_other(string engine)
    {
        using var db = New(engine);
        foreach (var table in Tables.All)
        {
            var entity = Assert.Single(db.Model.GetEntityTypes(), e => e.GetTableName() == table.Name);
            var columns = entity.GetProperties().ToDictionary(p => p.GetColumnName());
            Assert.Equal(table.Columns.Select(c => c.Name).Concat(["shop_id", "ver", "origin"]).Order(),
                columns.Keys.Order());
            foreach (var column in table.Columns)
            {
                var type = Nullable.GetUnderlyingType(columns[column.Name].ClrType) ?? columns[column.Name].ClrType;
                Assert.Equal(
                    column.Kind switch { ColumnKind.Id => typeof(Guid), ColumnKind.Text => typeof(string),
                        _ => typeof(long) }, type);
                Assert.Equal(column.Nullable, columns[column.Name].IsNullable);
            }

            Assert.Equal(["shop_id", "id"], entity.FindPrimaryKey()!.Properties.Select(p => p.GetColumnName()));
            Assert.Contains(entity.GetIndexes(),
                i => i.Properties.Select(p => p.GetColumnName()).SequenceEqual(["shop_id", "ver"]));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_migrations_are_what_the_model_says(string engine)
    {
        using var db = New(engine);
        Assert.False(db.Database.HasPendingModelChanges(),
            "Add a migration for each engine, see \"Adding a migration\" in CONTRIBUTING.md.");
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_start_knows_the_same_steps_of_the_database_as_the_update(string engine)
    {
        using var db = New(engine);
        Assert.Equal(db.Database.GetMigrations(), OpenDatabase.Known(db.Connection.Dialect).Order());
        Assert.NotEmpty(db.Database.GetMigrations());
    }

    [Fact]
    public void A_declaration_only_grows_at_its_end_and_its_version_with_it()
    {
        var since = Tables.All.Select(t => t.Since).Concat(Tables.All.SelectMany(t => t.Columns.Select(c => c.Since)))
            .ToList();
        Assert.Equal(Tables.SchemaVersion, since.Max());
        Assert.All(Tables.All,
            t => Assert.Equal(t.Columns.Select(c => c.Since).Order(), t.Columns.Select(c => c.Since)));
        Assert.All(Tables.All, t => Assert.Equal(("id", ColumnKind.Id), (t.Columns[0].Name, t.Columns[0].Kind)));
        foreach (var (child, _, parent) in BatchRows.Parents)
            Assert.True(At(parent) < At(child), $"{child.Name} comes before {parent.Name}");

        static int At(Table table) => Tables.All.ToList().IndexOf(table);
    }

    [Fact]
    public void The_SQL_Server_script_is_made_offline_and_uses_nothing_that_is_banned()
    {
        using var db = New(ServerSettings.SqlServer);
        var script = db.GetService<IMigrator>().GenerateScript();
        Assert.Contains("CREATE TABLE [order_lines]", script);
        string[] banned = ["MERGE ", "CREATE TYPE", "CREATE OR ALTER", "UPDLOCK", "HOLDLOCK", "datetimeoffset"];
        foreach (var word in banned) Assert.DoesNotContain(word, script, StringComparison.OrdinalIgnoreCase);
    }
}
