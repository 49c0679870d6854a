using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sak.Server.Data.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class ForeignWriters : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "at",
                table: "tombstones",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "floor",
                table: "shop_versions",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            // That ver is 0 unless said is part of the first migration here, see there.
            // In a batch of its own, also when the migrations are written to a script.
            foreach (var sql in ForeignTriggers.SqlServer()) migrationBuilder.Sql($"EXEC(N'{sql.Replace("'", "''")}')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var table in ForeignTriggers.TablesOf(1)) migrationBuilder.Sql($"DROP TRIGGER {table}_foreign");

            migrationBuilder.DropColumn(
                name: "at",
                table: "tombstones");

            migrationBuilder.DropColumn(
                name: "floor",
                table: "shop_versions");
        }
    }
}
