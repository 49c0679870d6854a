using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sak.Server.Data.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class PriceRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "price_rules",
                columns: table => new
                {
                    shop_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    kind = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    sku = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    pack = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    customer_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    from_quantity = table.Column<long>(type: "bigint", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    rate = table.Column<long>(type: "bigint", nullable: false),
                    cap = table.Column<long>(type: "bigint", nullable: true),
                    from_amount = table.Column<long>(type: "bigint", nullable: false),
                    starts = table.Column<long>(type: "bigint", nullable: true),
                    ends = table.Column<long>(type: "bigint", nullable: true),
                    ver = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    origin = table.Column<Guid>(type: "uniqueidentifier", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_price_rules", x => new { x.shop_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "IX_price_rules_shop_id_ver",
                table: "price_rules",
                columns: new[] { "shop_id", "ver" });

            foreach (var sql in ForeignTriggers.SqlServer(2)) migrationBuilder.Sql($"EXEC(N'{sql.Replace("'", "''")}')");
            migrationBuilder.Sql(ShopWall.SqlServerMore("price_rules"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "price_rules");
        }
    }
}
