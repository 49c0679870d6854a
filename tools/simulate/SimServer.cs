using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Server.Data.Dialects;
using Sak.Server.Settings;
using Sak.Server.Shops;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tools.Simulate;

/// <summary>
/// The real server code over a real SQLite file, called without a socket; each request is like a process of its own.
/// </summary>
public sealed class SimServer : IDisposable
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static (string File, Guid Shop)? _template;

    private readonly string _connection;
    private readonly SimClock _clock;

    private SimServer(string file, Guid shop, SimClock clock) =>
        (_connection, Shop, _clock) = ($"Data Source={file}", shop, clock);

    public Guid Shop { get; }

    /// <summary>Number of steps without an answer.</summary>
    public int DownFor { get; set; }

    /// <summary>Called for each batch after its first commit: head, changes, answer.</summary>
    public Action<SyncHead, IReadOnlyList<Change>, BatchAnswer>? Committed { get; set; }

    public static async Task<SimServer> OpenAsync(string folder, SimClock clock, CancellationToken cancel)
    {
        var (template, shop) = await TemplateAsync(cancel);
        var file = Path.Combine(folder, "cloud.db");
        File.Copy(template, file);
        return new SimServer(file, shop, clock);
    }

    public SakDb Database()
    {
        var connection = Connect(null);
        return connection.Dialect.Model(connection);
    }

    private ShopConnection Connect(int? killAt)
    {
        var connection = new ShopConnection(
            new SqliteDialect(_connection),
            killAt is { } at
                ? new MortalConnection($"{_connection};Pooling=False", at)
                : new SqliteConnection(_connection));
        connection.EnterAllShops();
        return connection;
    }

    /// <summary>
    /// One request; null means 204. With <paramref name="killAt"/> the process dies at that command or commit.
    /// </summary>
    public async Task<byte[]?> HandleAsync(byte[] body, int? killAt, CancellationToken cancel)
    {
        await using var db = Connect(killAt);
        using var answer = new MemoryStream();
        var before = await CountBatchesAsync(cancel);
        var version = await ShopRead.VersionAsync(db, Shop, cancel);
        var some = await ExchangeChanges.RunAsync(new MemoryStream(body), () => new AnswerWriter(answer), Shop,
            version, new PushChanges(db, _clock), new PullChanges(db), cancel);
        await TellAsync(body, before, cancel);
        return some ? answer.ToArray() : null;
    }

    /// <summary>Checks afterwards what a killed request committed.</summary>
    public async Task TellAsync(byte[] body, long before, CancellationToken cancel)
    {
        if (await CountBatchesAsync(cancel) == before) return;
        var request = await SyncWire.ReadRequestAsync(new MemoryStream(body), cancel);
        var changes = await request.Changes.ToListAsync(cancel);
        await using var db = Database();
        var stored = await db.SyncBatches.SingleAsync(
            b => b.Replica == request.Head.Replica && b.Sequence == request.Head.BatchSequence, cancel);
        Committed?.Invoke(request.Head, changes,
            System.Text.Json.JsonSerializer.Deserialize<BatchAnswer>(stored.Answer,
                System.Text.Json.JsonSerializerOptions.Web)!);
    }

    public async Task<long> CountBatchesAsync(CancellationToken cancel)
    {
        await using var db = Database();
        return await db.SyncBatches.LongCountAsync(cancel);
    }

    /// <summary>
    /// Connections are reused, because opening one parses all triggers again: a third of a world's time.
    /// </summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    private static async Task<(string, Guid)> TemplateAsync(CancellationToken cancel)
    {
        await Gate.WaitAsync(cancel);
        try
        {
            if (_template is { } made) return made;
            var folder = Directory.CreateTempSubdirectory("sak-simulate-").FullName;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
            var file = Path.Combine(folder, "template.db");
            var model = new ModelSettings(ServerSettings.None, "", "", "", 1, 1, 1, 0);
            var settings = new ServerSettings("", folder, ServerSettings.Sqlite, $"Data Source={file};Pooling=False",
                model);
            await OpenDatabase.MigrateAsync(settings, cancel);
            await using var db = OpenDatabase.New(settings);
            var key = await new AddShop(db, TimeProvider.System).ShopAsync("Simulated", "INR", false, "", cancel);
            await db.DisposeAsync();
            SqliteConnection.ClearAllPools();
            _template = (file, key.Shop);
            return _template.Value;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Ends the process at the nth command; begin and commit count as commands.</summary>
    private sealed class MortalConnection(string connection, int at) : SqliteConnection(connection)
    {
        private int _left = at;

        public override SqliteCommand CreateCommand() =>
            new MortalCommand(this) { Connection = this, CommandTimeout = DefaultTimeout, Transaction = Transaction };

        public void Step()
        {
            if (_left-- == 0) throw new SimKilledException();
        }
    }

    private sealed class MortalCommand(MortalConnection of) : SqliteCommand
    {
        // All ways of executing a command call this.
        public override SqliteDataReader ExecuteReader(CommandBehavior behavior)
        {
            of.Step();
            return base.ExecuteReader(behavior);
        }
    }
}
