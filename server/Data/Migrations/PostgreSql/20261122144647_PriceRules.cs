using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sak.Server.Data.Migrations.PostgreSql
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
                    shop_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    sku = table.Column<string>(type: "text", nullable: false),
                    pack = table.Column<string>(type: "text", nullable: false),
                    customer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    from_quantity = table.Column<long>(type: "bigint", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    rate = table.Column<long>(type: "bigint", nullable: false),
                    cap = table.Column<long>(type: "bigint", nullable: true),
                    from_amount = table.Column<long>(type: "bigint", nullable: false),
                    starts = table.Column<long>(type: "bigint", nullable: true),
                    ends = table.Column<long>(type: "bigint", nullable: true),
                    ver = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    origin = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_price_rules", x => new { x.shop_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "IX_price_rules_shop_id_ver",
                table: "price_rules",
                columns: new[] { "shop_id", "ver" });

            foreach (var sql in ForeignTriggers.PostgreSql(2)) migrationBuilder.Sql(sql);
            migrationBuilder.Sql(ShopWall.PostgreSql("price_rules"));
            // As for the other tables of a shop (see ShopsOfAnySize).
            migrationBuilder.Sql("ALTER TABLE price_rules ALTER COLUMN shop_id SET STATISTICS 0;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "price_rules");
        }
    }
}
