using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Sak.Server.Data.Migrations.SqlServer;

/// <summary>A row that another program puts into another shop is gone for the agents of the one and comes to those of the other.</summary>
[DbContext(typeof(SqlServerDb))]
[Migration("20261122150900_RowsThatLeave")]
public sealed class RowsThatLeave : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var table in ForeignTriggers.TablesOf(1).Concat(ForeignTriggers.TablesOf(2))) migrationBuilder.Sql($"DROP TRIGGER {table}_foreign");
        foreach (var sql in ForeignTriggers.SqlServer(1).Concat(ForeignTriggers.SqlServer(2))) migrationBuilder.Sql($"EXEC(N'{sql.Replace("'", "''")}')");
    }

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        // The triggers of before did the same but for this: there is nothing to take back.
    }
}
