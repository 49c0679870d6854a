using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sak.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class NumberLease : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "number_leases",
                columns: table => new
                {
                    shop_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    device = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    until = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_number_leases", x => new { x.shop_id, x.number });
                });
            migrationBuilder.Sql(ShopWall.PostgreSql("number_leases"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "number_leases");
        }
    }
}
