using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Sak.Server.Data.Migrations.PostgreSql;

/// <summary>A row that another program puts into another shop is gone for the agents of the one and comes to those of the other.</summary>
[DbContext(typeof(PostgreSqlDb))]
[Migration("20261122150900_RowsThatLeave")]
public sealed class RowsThatLeave : Migration
{
    /// <inheritdoc/>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(ForeignTriggers.PostgreSqlFunction);
    }

    /// <inheritdoc/>
    protected override void Down(MigrationBuilder migrationBuilder)
    {
        // The triggers of before did the same but for this: there is nothing to take back.
    }
}
