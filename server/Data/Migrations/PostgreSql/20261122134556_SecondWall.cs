using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sak.Server.Data.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class SecondWall : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            foreach (var (table, column) in ShopWall.First) migrationBuilder.Sql(ShopWall.PostgreSql(table, column));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var (table, _) in ShopWall.First)
                migrationBuilder.Sql($"DROP POLICY sak_shop ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;");
        }
    }
}
