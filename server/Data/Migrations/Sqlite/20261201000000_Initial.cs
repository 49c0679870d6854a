using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sak.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "customers",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    phone = table.Column<string>(type: "TEXT", nullable: false),
                    chat_id = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    language = table.Column<string>(type: "TEXT", nullable: false),
                    words = table.Column<string>(type: "TEXT", nullable: false),
                    ver = table.Column<long>(type: "INTEGER", nullable: false, defaultValue: 0L),
                    origin = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers", x => new { x.shop_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "model_use",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    day = table.Column<int>(type: "INTEGER", nullable: false),
                    tokens = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_model_use", x => new { x.shop_id, x.day });
                });

            migrationBuilder.CreateTable(
                name: "number_leases",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    number = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    device = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    until = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_number_leases", x => new { x.shop_id, x.number });
                });

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

            migrationBuilder.CreateTable(
                name: "products",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    sku = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    aliases = table.Column<string>(type: "TEXT", nullable: false),
                    unit = table.Column<string>(type: "TEXT", nullable: false),
                    packs = table.Column<string>(type: "TEXT", nullable: false),
                    price = table.Column<long>(type: "INTEGER", nullable: false),
                    currency = table.Column<string>(type: "TEXT", nullable: false),
                    tax_rate = table.Column<long>(type: "INTEGER", nullable: false),
                    active = table.Column<long>(type: "INTEGER", nullable: false),
                    on_hand = table.Column<long>(type: "INTEGER", nullable: true),
                    ver = table.Column<long>(type: "INTEGER", nullable: false, defaultValue: 0L),
                    origin = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_products", x => new { x.shop_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "replies",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    turn_id = table.Column<string>(type: "TEXT", nullable: false),
                    reply = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_replies", x => new { x.shop_id, x.turn_id });
                });

            migrationBuilder.CreateTable(
                name: "shops",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    currency = table.Column<string>(type: "TEXT", nullable: false),
                    tax_inclusive = table.Column<bool>(type: "INTEGER", nullable: false),
                    phone = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_shops", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sync_batches",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    replica = table.Column<string>(type: "TEXT", nullable: false),
                    sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    batch_id = table.Column<string>(type: "TEXT", nullable: false),
                    answer = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sync_batches", x => new { x.shop_id, x.replica, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "tombstones",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    table_name = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    ver = table.Column<long>(type: "INTEGER", nullable: false),
                    origin = table.Column<string>(type: "TEXT", nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false, defaultValue: 0L)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tombstones", x => new { x.shop_id, x.table_name, x.id });
                });

            migrationBuilder.CreateTable(
                name: "orders",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    number = table.Column<string>(type: "TEXT", maxLength: 50, nullable: false),
                    customer_id = table.Column<string>(type: "TEXT", nullable: false),
                    turn_id = table.Column<string>(type: "TEXT", nullable: false),
                    status = table.Column<string>(type: "TEXT", nullable: false),
                    currency = table.Column<string>(type: "TEXT", nullable: false),
                    net = table.Column<long>(type: "INTEGER", nullable: false),
                    tax = table.Column<long>(type: "INTEGER", nullable: false),
                    gross = table.Column<long>(type: "INTEGER", nullable: false),
                    price_version = table.Column<long>(type: "INTEGER", nullable: false),
                    placed_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ver = table.Column<long>(type: "INTEGER", nullable: false, defaultValue: 0L),
                    origin = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orders", x => new { x.shop_id, x.id });
                    table.ForeignKey(
                        name: "FK_orders_customers_shop_id_customer_id",
                        columns: x => new { x.shop_id, x.customer_id },
                        principalTable: "customers",
                        principalColumns: new[] { "shop_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "stock_movements",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    product_id = table.Column<string>(type: "TEXT", nullable: false),
                    quantity = table.Column<long>(type: "INTEGER", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    order_line_id = table.Column<string>(type: "TEXT", nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    ver = table.Column<long>(type: "INTEGER", nullable: false, defaultValue: 0L),
                    origin = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_stock_movements", x => new { x.shop_id, x.id });
                    table.ForeignKey(
                        name: "FK_stock_movements_products_shop_id_product_id",
                        columns: x => new { x.shop_id, x.product_id },
                        principalTable: "products",
                        principalColumns: new[] { "shop_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "keys",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    role = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    revoked_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_keys", x => x.id);
                    table.ForeignKey(
                        name: "FK_keys_shops_shop_id",
                        column: x => x.shop_id,
                        principalTable: "shops",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "shop_versions",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false),
                    floor = table.Column<long>(type: "INTEGER", nullable: false, defaultValue: 0L)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_shop_versions", x => x.shop_id);
                    table.ForeignKey(
                        name: "FK_shop_versions_shops_shop_id",
                        column: x => x.shop_id,
                        principalTable: "shops",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "order_events",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    order_id = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    detail = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    ver = table.Column<long>(type: "INTEGER", nullable: false, defaultValue: 0L),
                    origin = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_order_events", x => new { x.shop_id, x.id });
                    table.ForeignKey(
                        name: "FK_order_events_orders_shop_id_order_id",
                        columns: x => new { x.shop_id, x.order_id },
                        principalTable: "orders",
                        principalColumns: new[] { "shop_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "order_lines",
                columns: table => new
                {
                    shop_id = table.Column<string>(type: "TEXT", nullable: false),
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    order_id = table.Column<string>(type: "TEXT", nullable: false),
                    position = table.Column<long>(type: "INTEGER", nullable: false),
                    product_id = table.Column<string>(type: "TEXT", nullable: false),
                    sku = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    quantity = table.Column<long>(type: "INTEGER", nullable: false),
                    unit = table.Column<string>(type: "TEXT", nullable: false),
                    asked_quantity = table.Column<long>(type: "INTEGER", nullable: false),
                    asked_unit = table.Column<string>(type: "TEXT", nullable: false),
                    unit_price = table.Column<long>(type: "INTEGER", nullable: false),
                    tax_rate = table.Column<long>(type: "INTEGER", nullable: false),
                    net = table.Column<long>(type: "INTEGER", nullable: false),
                    tax = table.Column<long>(type: "INTEGER", nullable: false),
                    gross = table.Column<long>(type: "INTEGER", nullable: false),
                    message_id = table.Column<string>(type: "TEXT", nullable: false),
                    words = table.Column<string>(type: "TEXT", nullable: false),
                    ver = table.Column<long>(type: "INTEGER", nullable: false, defaultValue: 0L),
                    origin = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_order_lines", x => new { x.shop_id, x.id });
                    table.ForeignKey(
                        name: "FK_order_lines_orders_shop_id_order_id",
                        columns: x => new { x.shop_id, x.order_id },
                        principalTable: "orders",
                        principalColumns: new[] { "shop_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_order_lines_products_shop_id_product_id",
                        columns: x => new { x.shop_id, x.product_id },
                        principalTable: "products",
                        principalColumns: new[] { "shop_id", "id" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_customers_shop_id_ver",
                table: "customers",
                columns: new[] { "shop_id", "ver" });

            migrationBuilder.CreateIndex(
                name: "IX_keys_shop_id",
                table: "keys",
                column: "shop_id");

            migrationBuilder.CreateIndex(
                name: "IX_order_events_shop_id_order_id",
                table: "order_events",
                columns: new[] { "shop_id", "order_id" });

            migrationBuilder.CreateIndex(
                name: "IX_order_events_shop_id_ver",
                table: "order_events",
                columns: new[] { "shop_id", "ver" });

            migrationBuilder.CreateIndex(
                name: "IX_order_lines_shop_id_order_id",
                table: "order_lines",
                columns: new[] { "shop_id", "order_id" });

            migrationBuilder.CreateIndex(
                name: "IX_order_lines_shop_id_product_id",
                table: "order_lines",
                columns: new[] { "shop_id", "product_id" });

            migrationBuilder.CreateIndex(
                name: "IX_order_lines_shop_id_ver",
                table: "order_lines",
                columns: new[] { "shop_id", "ver" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_shop_id_customer_id",
                table: "orders",
                columns: new[] { "shop_id", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_shop_id_number",
                table: "orders",
                columns: new[] { "shop_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_orders_shop_id_placed_at",
                table: "orders",
                columns: new[] { "shop_id", "placed_at" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_shop_id_ver",
                table: "orders",
                columns: new[] { "shop_id", "ver" });

            migrationBuilder.CreateIndex(
                name: "IX_price_rules_shop_id_ver",
                table: "price_rules",
                columns: new[] { "shop_id", "ver" });

            migrationBuilder.CreateIndex(
                name: "IX_products_shop_id_sku",
                table: "products",
                columns: new[] { "shop_id", "sku" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_products_shop_id_ver",
                table: "products",
                columns: new[] { "shop_id", "ver" });

            migrationBuilder.CreateIndex(
                name: "IX_stock_movements_shop_id_product_id",
                table: "stock_movements",
                columns: new[] { "shop_id", "product_id" });

            migrationBuilder.CreateIndex(
                name: "IX_stock_movements_shop_id_ver",
                table: "stock_movements",
                columns: new[] { "shop_id", "ver" });

            migrationBuilder.CreateIndex(
                name: "IX_tombstones_shop_id_ver",
                table: "tombstones",
                columns: new[] { "shop_id", "ver" });

            migrationBuilder.Sql(FrozenSql.Read(this, "20261201000000_Initial.sql"));
        }
    }
}
