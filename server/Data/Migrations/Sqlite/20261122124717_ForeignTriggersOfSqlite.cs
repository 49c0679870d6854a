using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sak.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class ForeignTriggersOfSqlite : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // In a migration of its own: a column's new default makes SQLite's tables anew, which drops their triggers.
            foreach (var sql in ForeignTriggers.Sqlite()) migrationBuilder.Sql(sql);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var table in ForeignTriggers.TablesOf(1))
                foreach (var what in new[] { "insert", "update", "delete" }) migrationBuilder.Sql($"DROP TRIGGER {table}_foreign_{what}");
        }
    }
}
