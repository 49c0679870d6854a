using System.Data;
using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Sak.Server.Data;
using Sak.Server.Data.Dialects;
using Sak.Server.Shops;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Tests.Support;

namespace Sak.Tests.Server;

/// <summary>
/// The server's commands for SQL Server, against a connection that records them and returns almost nothing.
/// </summary>
public sealed partial class SqlServerDialectTests
{
    private static readonly Guid Shop = Guid.CreateVersion7();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, IsolationLevel.RepeatableRead)]
    [InlineData(1, IsolationLevel.Snapshot)]
    [InlineData(2, IsolationLevel.RepeatableRead)]
    [InlineData(3, IsolationLevel.RepeatableRead)]
    public async Task A_snapshot_is_read_by_row_versions_only_while_the_databases_owner_allows_it(int state,
        IsolationLevel level)
    {
        var connection = new RecordingConnection
        {
            Knows = sql => sql.Contains("snapshot_isolation_state", StringComparison.Ordinal) ? OneRow(("Value", state))
                : sql.Contains("FROM shop_versions", StringComparison.Ordinal) ? OneRow(("version", 7L), ("floor", 3L))
                    : null,
        };
        await using var db = TSqlTests.New(connection);
        await using var moment = await ShopRead.BeginAsync(db.Connection, Shop, null, Cancel);
        Assert.Equal((level, 7L, 3L),
            (db.Database.CurrentTransaction!.GetDbTransaction().IsolationLevel, moment.Version, moment.Floor));
    }

    [Fact]
    public async Task A_writer_that_can_t_read_its_counter_leaves_no_transaction_open()
    {
        var counter = OneRow(("version", "no number"));
        var connection = new RecordingConnection
            { Knows = sql => sql.Contains("SELECT version FROM shop_versions", StringComparison.Ordinal)
                ? counter
                : null };
        await using var db = TSqlTests.New(connection);
        await Assert.ThrowsAsync<InvalidCastException>(() => ShopWrite.BeginAsync(db.Connection, Shop, Cancel));
        Assert.Equal(ConnectionState.Closed, connection.State);
        counter = OneRow(("version", 7L));
        await using var next = await ShopWrite.BeginAsync(db.Connection, Shop, Cancel);
        Assert.Equal(8L, next.Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_could_not_enter_its_shop_is_closed_and_shows_no_other(bool async)
    {
        var away = true;
        var connection = new RecordingConnection
            { Knows = sql => away && sql.Contains("sak.shop", StringComparison.Ordinal)
                ? throw new TimeoutException()
                : null };
        await using var db = TSqlTests.New(connection);
        db.Connection.Enter(Shop);
        var failed = async
            ? await Record.ExceptionAsync(() => db.Products.ToListAsync(Cancel))
            : Record.Exception(() => db.Products.ToList());
        Assert.IsType<TimeoutException>(failed?.GetBaseException());
        Assert.Equal(ConnectionState.Closed, connection.State);
        away = false;
        await db.Products.ToListAsync(Cancel);
        Assert.Contains(connection.Statements.SkipLast(1).TakeLast(1),
            sql => sql.Contains($"{Shop:D}", StringComparison.Ordinal));
    }

    [Fact]
    public void Entering_a_shop_resets_the_isolation_level_that_the_pool_left()
    {
        using var connection = new RecordingConnection();
        using var db = TSqlTests.New(connection);
        db.Connection.Enter(Shop);
        using var tell = db.Connection.Tell(connection)!;
        Assert.StartsWith("SET TRANSACTION ISOLATION LEVEL READ COMMITTED;", tell.CommandText);
        Assert.Contains($"N'{Shop:D}'", tell.CommandText);
        // With a parameter it would run inside sp_executesql, which puts the level back when it ends.
        Assert.Empty(tell.Parameters);
    }

    [Fact]
    public void An_update_of_many_rows_has_each_value_once_typed_as_its_column_within_a_statements_limit()
    {
        foreach (var table in Tables.All)
        {
            StoredRow[] rows = [TSqlTests.Row(table), TSqlTests.Row(table)];
            using var command = SqlServerRows.Update(Shop, table, rows);
            var given = command.Parameters.Cast<SqlParameter>().ToList();
            Assert.Equal(given.Select(p => p.ParameterName),
                Parameter().Matches(command.CommandText).Select(m => m.Value));
            Assert.Equal(Shop, given[^1].Value);
            for (var r = 0; r < rows.Length; r++)
            {
                var ofRow = given.Skip(r * (table.Columns.Count + 2)).ToList();
                Assert.Equal(Guid.Parse(rows[r].Id), ofRow[0].Value);
                Assert.Equal(rows[r].Ver, ofRow[table.Columns.Count].Value);
                Assert.All(table.Columns.Select((c, i) => (c.Kind, ofRow[i].SqlDbType)), p => Assert.Equal(
                    p.Kind switch { ColumnKind.Id => SqlDbType.UniqueIdentifier, ColumnKind.Text => SqlDbType.NVarChar,
                        _ => SqlDbType.BigInt }, p.SqlDbType));
            }

            Assert.InRange(SqlServerRows.RowsAtOnce(table) * (table.Columns.Count + 2) + 1, 1_000, 2_098);
        }
    }

    private static DataTable OneRow(params (string Name, object Value)[] values)
    {
        var table = new DataTable();
        foreach (var (name, value) in values) table.Columns.Add(name, value.GetType());
        table.Rows.Add([.. values.Select(v => v.Value)]);
        return table;
    }

    [GeneratedRegex(@"@p\d+")]
    private static partial Regex Parameter();
}
