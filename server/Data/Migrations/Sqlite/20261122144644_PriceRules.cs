using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sak.Server.Data.Migrations.Sqlite
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
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    sku = table.Column<string>(type: "TEXT", nullable: false),
                    pack = table.Column<string>(type: "TEXT", nullable: false),
                    customer_id = table.Column<string>(type: "TEXT", nullable: true),
                    from_quantity = table.Column<long>(type: "INTEGER", nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    rate = table.Column<long>(type: "INTEGER", nullable: false),
                    cap = table.Column<long>(type: "INTEGER", nullable: true),
                    from_amount = table.Column<long>(type: "INTEGER", nullable: false),
                    starts = table.Column<long>(type: "INTEGER", nullable: true),
                    ends = table.Column<long>(type: "INTEGER", nullable: true),
                    ver = table.Column<long>(type: "INTEGER", nullable: false, defaultValue: 0L),
                    origin = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_price_rules", x => new { x.shop_id, x.id });
                });

            migrationBuilder.CreateIndex(
                name: "IX_price_rules_shop_id_ver",
                table: "price_rules",
                columns: new[] { "shop_id", "ver" });

            foreach (var sql in ForeignTriggers.Sqlite(2)) migrationBuilder.Sql(sql);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "price_rules");
        }
    }
}
