using System.Data;
using System.Data.Common;
using Sak.Server.Data.Dialects;

namespace Sak.Server.Data;

/// <summary>
/// A connection to the cloud database, and whose rows it shows; see <see cref="ShopWall"/>. What is asked at each
/// exchange goes through it alone: EF's model, which <see cref="SakDb"/> lays over it for pages and exports, takes 30
/// MB and longer than most of these answers.
/// </summary>
public sealed class ShopConnection(Dialect dialect, DbConnection driver) : IAsyncDisposable, IDisposable
{
    private Sight _sight = new Sight.Nobody();
    private bool _closesAtEnd;

    public Dialect Dialect => dialect;

    /// <summary>The engine's own.</summary>
    public DbConnection Driver => driver;

    /// <summary>The one that is open; null when none is.</summary>
    public DbTransaction? Transaction { get; private set; }

    /// <summary>Told when a transaction begins, and with null before it ends.</summary>
    internal Action<DbTransaction?>? Joined { get; set; }

    /// <summary>
    /// From here on this connection shows and writes this shop's rows alone, whatever a query forgot to say.
    /// </summary>
    public void Enter(Guid shop) => See(new Sight.One(shop));

    /// <summary>
    /// The operator's way through: making shops, trimming, watching versions, migrations. Never for a request.
    /// </summary>
    public void EnterAllShops() => See(new Sight.All());

    /// <summary>
    /// To look up a key, which says whose shop it is, and where that shop stands: nothing else behind the wall may
    /// be asked for.
    /// </summary>
    internal void EnterKeys() => See(new Sight.Keys());

    /// <summary>Opens it for statements that stand alone; nothing when it is open.</summary>
    public async Task OpenAsync(CancellationToken cancel)
    {
        if (driver.State == ConnectionState.Open) return;
        await using var tell = Tell(driver);
        await driver.OpenAsync(cancel);
        try
        {
            if (tell is not null) await tell.ExecuteNonQueryAsync(cancel);
        }
        catch
        {
            // It would show the rows of the pool's last user.
            await driver.CloseAsync();
            throw;
        }
    }

    /// <summary>A command of this connection and its transaction.</summary>
    public DbCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = driver.CreateCommand();
        command.Transaction = Transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values) Add(command, name, value);
        return command;
    }

    /// <summary>An id as the engine's driver wants it.</summary>
    public object IdValue(Guid id) => dialect.IdValue(id);

    /// <summary>An id as the engine's driver gives it.</summary>
    public static Guid ReadId(DbDataReader row, int at) =>
        row.GetValue(at) is Guid id ? id : Guid.Parse(row.GetString(at));

    public static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    /// <summary>Runs a statement of its own; returns how many rows it wrote.</summary>
    public async Task<int> ExecuteAsync(string sql, (string Name, object Value)[] values, CancellationToken cancel)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>
    /// One question that is a transaction of its own: opens, asks, and gives the connection back. Where the engine can,
    /// it is told whose rows it shows by the same command, and not in a round trip before.
    /// </summary>
    internal async Task<T> AskAsync<T>(DbCommand question, Func<DbDataReader, Task<T>> read, CancellationToken cancel)
    {
        var opened = await OpenToTellAsync(cancel);
        try
        {
            await using (question)
            {
                await using var results = await TellAndReadAsync(question, writes: false, CommandBehavior.Default,
                    cancel);
                return await read(results);
            }
        }
        finally
        {
            if (opened) await driver.CloseAsync();
        }
    }

    /// <summary>The rows of such a question.</summary>
    internal Task<List<T>> ListAsync<T>(DbCommand question, Func<DbDataReader, T> read, CancellationToken cancel) =>
        AskAsync(
            question,
            async row =>
            {
                var rows = new List<T>();
                while (await row.ReadAsync(cancel)) rows.Add(read(row));
                return rows;
            },
            cancel);

    /// <summary>
    /// Begins a transaction with its first command and gives that command's results. It ends with
    /// <see cref="CommitAsync"/> or <see cref="EndAsync"/>.
    /// </summary>
    /// <param name="writes">It stamps its rows itself, which the triggers for other programs can't see by the rows
    /// everywhere. Otherwise every read of it sees the moment of the first.</param>
    internal async Task<DbDataReader> BeginAsync(bool writes, Func<DbCommand> first, CancellationToken cancel)
    {
        _closesAtEnd = await OpenToTellAsync(cancel);
        try
        {
            // A writer's statements see, after its lock, what the writer before it committed.
            var level = writes ? IsolationLevel.ReadCommitted : await dialect.SnapshotAsync(this, cancel);
            Transaction = await driver.BeginTransactionAsync(level, cancel);
            Joined?.Invoke(Transaction);
            return await TellAndReadAsync(first(), writes, CommandBehavior.SequentialAccess, cancel);
        }
        catch
        {
            await EndAsync();
            throw;
        }
    }

    internal async Task CommitAsync(CancellationToken cancel)
    {
        await Transaction!.CommitAsync(cancel);
        await EndAsync();
    }

    /// <summary>
    /// Rolls back what was not committed and gives the connection back. Nothing when no transaction is open.
    /// </summary>
    internal async ValueTask EndAsync()
    {
        try
        {
            if (Transaction is { } transaction)
            {
                Joined?.Invoke(null);
                Transaction = null;
                await transaction.DisposeAsync();
            }
        }
        finally
        {
            // A transaction that can't be rolled back ends with its connection.
            if (_closesAtEnd) await driver.CloseAsync();
            _closesAtEnd = false;
        }
    }

    /// <summary>
    /// The command that says to an open connection whose rows it shows: to this one, or to another that EF opens to
    /// make the database. Null where the engine has no such wall. Throws while the sight is <see cref="Sight.Nobody"/>.
    /// </summary>
    internal DbCommand? Tell(DbConnection opened) =>
        _sight is Sight.Keys ? null : dialect.TellShop(opened, _sight.Shop);

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await driver.DisposeAsync();
    }

    public void Dispose() => driver.Dispose();

    // For a transaction, whose first command tells where the engine can. True when it was closed.
    private async Task<bool> OpenToTellAsync(CancellationToken cancel)
    {
        if (Transaction is not null) throw new InvalidOperationException("A transaction is open already.");
        if (driver.State == ConnectionState.Open) return false;
        if (dialect.TellsWithin) await driver.OpenAsync(cancel);
        else await OpenAsync(cancel);
        return true;
    }

    private async Task<DbDataReader> TellAndReadAsync(DbCommand command, bool writes, CommandBehavior how,
        CancellationToken cancel)
    {
        if (dialect.TellsWithin) dialect.TellWithin(command, _sight.Shop, writes);
        var results = await command.ExecuteReaderAsync(how, cancel);
        try
        {
            if (dialect.TellsWithin) await results.NextResultAsync(cancel);
            return results;
        }
        catch
        {
            await results.DisposeAsync();
            throw;
        }
    }

    private void See(Sight sight)
    {
        if (driver.State != ConnectionState.Closed)
            throw new InvalidOperationException("A connection is open already: it shows another shop.");
        _sight = sight;
    }
}
