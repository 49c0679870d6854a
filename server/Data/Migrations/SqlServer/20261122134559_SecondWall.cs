using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sak.Server.Data.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class SecondWall : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Outside of the transaction: a server that refuses the policy must not take the migration with it.
            migrationBuilder.Sql(ShopWall.SqlServer(), suppressTransaction: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("IF OBJECT_ID(N'dbo.sak_wall') IS NOT NULL EXEC(N'DROP SECURITY POLICY dbo.sak_wall'); IF OBJECT_ID(N'dbo.sak_of_shop') IS NOT NULL EXEC(N'DROP FUNCTION dbo.sak_of_shop')");
        }
    }
}
