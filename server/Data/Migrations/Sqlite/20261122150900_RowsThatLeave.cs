using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Sak.Server.Data.Migrations.Sqlite;

/// <summary>A row that another program puts into another shop is gone for the agents of the one and comes to those of the other.</summary>
[DbContext(typeof(SqliteDb))]
[Migration("20261122150900_RowsThatLeave")]
public sealed class RowsThatLeave : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var sql in ForeignTriggers.SqliteLeaving(1).Concat(ForeignTriggers.SqliteLeaving(2))) migrationBuilder.Sql(sql);
    }

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in ForeignTriggers.TablesOf(1).Concat(ForeignTriggers.TablesOf(2))) migrationBuilder.Sql($"DROP TRIGGER {table}_foreign_leave");
    }
}
