using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Sak.Server.Data.Migrations.PostgreSql;

/// <summary>A program that has its deferred constraints looked at at once is heard of with all that it writes, not only with its first statement.</summary>
[DbContext(typeof(PostgreSqlDb))]
[Migration("20261122184300_ConstraintsAtOnce")]
public sealed class ConstraintsAtOnce : Migration
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
