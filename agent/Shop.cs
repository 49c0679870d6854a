using Microsoft.Extensions.Logging;
using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Loops;
using Sak.Agent.Orders;
using Sak.Agent.Settings;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;
using Sak.Sync.Replica;

namespace Sak.Agent;

/// <summary>
/// The whole agent, put together by hand: the database, the taking of orders, and workers that never stop.
/// </summary>
public sealed class Shop : IAsyncDisposable
{
    private static readonly TimeSpan SyncSoon = TimeSpan.FromMilliseconds(300);
    private readonly AgentSettings _settings;
    private readonly TimeProvider _clock;
    private readonly RecentLog _recent;
    private readonly HttpClient? _http;
    private readonly Supervisor _supervisor;
    private readonly ConnectWhatsApp _connection;
    private readonly ReadTurns _inbound;
    private readonly SendReplies _sending;
    private readonly FetchMedia _media;
    private readonly AlarmBell _bell;
    private readonly SyncLoop? _sync;

    /// <summary>Whether this PC answers, or another one of the shop.</summary>
    public NumberLease Lease { get; }

    private Shop(AgentSettings settings, Func<IWhatsApp> openWhatsApp, ILoggerFactory logs, RecentLog recent,
        bool takeOver, Action? ring, TimeProvider clock, DataLock? held)
    {
        _settings = settings;
        _clock = clock;
        _recent = recent;
        Db = OpenReplica.At(settings.DatabaseFile, clock, held);
        Alarms = new Alarms(clock);
        _bell = new AlarmBell(Alarms, settings.Alarm.Bell ? ring : null, settings.Alarm.Command, clock,
            logs.CreateLogger<AlarmBell>());
        _supervisor = new Supervisor(Alarms, clock, logs.CreateLogger<Supervisor>());
        var capture = new CaptureMessages(Db, settings.Turns, MoveOrders.By(clock), clock);
        var outbox = new Outbox(Db, clock);
        var offline = new OfflineReplier(new CatalogIndex(Db.OpenReader));
        var cloud = Cloud(settings.Cloud, out _http);
        var rules = TakingRules.Of(settings);
        var repliers = new Repliers(cloud, settings.Cloud.ReplyTime, offline, Alarms, clock,
            logs.CreateLogger<Repliers>());
        var takeOrder = new TakeOrder(Db, repliers, rules, clock, logs.CreateLogger<TakeOrder>());

        Desk = new OwnerDesk(Db, offline, rules, Pace.Of(settings.Send), clock);
        var watch = new StallWatch(Db, outbox, Link, settings.WhatsApp, clock, logs.CreateLogger<StallWatch>());
        _connection = new ConnectWhatsApp(openWhatsApp, Link, capture, outbox, watch, Alarms, clock,
            logs.CreateLogger<ConnectWhatsApp>());
        Lease = new NumberLease(Db, cloud is null ? null : cloud.HoldNumberAsync, Link, Alarms, _connection.CatchUp,
            takeOver, clock, logs.CreateLogger<NumberLease>());
        _inbound = new ReadTurns(Db, takeOrder, Link, Lease, Alarms, settings.Turns,
            settings.WhatsApp.Transcriber.Length > 0, clock, logs.CreateLogger<ReadTurns>());
        _sending = new SendReplies(Db, outbox, Link, Lease, Alarms, settings.Send, settings.Turns, clock,
            logs.CreateLogger<SendReplies>());
        Files = new MediaFiles(Db, Path.Combine(settings.DataFolder, "media"), clock);
        _media = new FetchMedia(Db, Files, Link, settings.WhatsApp, clock, logs.CreateLogger<FetchMedia>());
        if (cloud is not null)
            _sync = new SyncLoop(Db,
                new SyncSession(new SqliteReplica(Db, clock), cloud, p => _sync?.Show(p)),
                new SyncSchedule(settings.Cloud.SyncTime, SyncSoon), Alarms, clock, logs.CreateLogger<SyncLoop>(),
                cancel => WatchAsync(cloud, cancel));
    }

    public ReplicaDb Db { get; }

    /// <summary>What the owner does with a chat and its draft.</summary>
    public OwnerDesk Desk { get; }

    /// <summary>Voice notes, pictures and documents of customers.</summary>
    public MediaFiles Files { get; }

    public Alarms Alarms { get; }

    public WhatsAppLink Link { get; } = new();

    /// <summary>Opens the shop's database. Throws <see cref="StoreException"/>.</summary>
    /// <param name="ring">Sounds a bell; null where there is nobody to hear it.</param>
    /// <param name="held">The lock of the data folder, if the caller has it.</param>
    /// <param name="takeOver">This PC answers from now on, whichever PC of the shop did before.</param>
    public static Shop Open(AgentSettings settings, Func<IWhatsApp> openWhatsApp, ILoggerFactory logs,
        RecentLog recent, TimeProvider clock, bool takeOver = false, Action? ring = null,
        DataLock? held = null) =>
        new(settings, openWhatsApp, logs, recent, takeOver, ring, clock, held);

    /// <summary>Runs the workers until cancelled; a worker that fails is started again.</summary>
    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(
        _supervisor.RunAsync("WhatsApp", _connection.RunAsync, cancel),
        _supervisor.RunAsync("answering", _inbound.RunAsync, cancel),
        _supervisor.RunAsync("sending", _sending.RunAsync, cancel),
        _supervisor.RunAsync("voice notes and pictures", _media.RunAsync, cancel),
        _supervisor.RunAsync("transcribing", _media.TranscribeAsync, cancel),
        _supervisor.RunAsync("the alarm", _bell.RunAsync, cancel),
        _sync is null ? Task.CompletedTask : _supervisor.RunAsync("asking who answers", Lease.RunAsync, cancel),
        _sync is null ? Task.CompletedTask : _supervisor.RunAsync("the cloud", _sync.RunAsync, cancel));

    /// <summary>A picture of the shop at this moment, for the dashboard.</summary>
    public Task<ShopStatus> StatusAsync(CancellationToken cancel)
    {
        var now = _clock.GetUtcNow();
        var midnight = new DateTimeOffset(_clock.GetLocalNow().Date, _clock.GetLocalNow().Offset);
        var link = Link.Now;
        return Db.ReadAsync(
            db =>
            {
                var (unsynced, parked) = StatusQuery.Pending(db);
                var cloud = _sync is null
                    ? new CloudStatus(CloudState.Off, "no address is set", null, unsynced, parked)
                    : new CloudStatus(_sync.State, _sync.Detail, _sync.LastContact, unsynced, parked);
                return new ShopStatus(
                    _settings.Shop.Name, now, link.State, link.Reason, link.LoginCode, cloud,
                    StatusQuery.Today(db, midnight, _settings.Shop.Currency),
                    StatusQuery.Orders(db), StatusQuery.Chats(db, now), StatusQuery.Catalog(db), _recent.Newest,
                    [.. Alarms.Now, .. StatusQuery.Troubles(db, midnight)]) { Words = StatusQuery.Words(db) };
            },
            cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        await Db.DisposeAsync();
    }

    private async Task<bool> WatchAsync(CloudClient cloud, CancellationToken cancel) =>
        await cloud.WatchAsync((await new SqliteReplica(Db, _clock).PositionAsync(cancel)).Since, cancel);

    private static CloudClient? Cloud(CloudSettings cloud, out HttpClient? http)
    {
        http = cloud.Address is null ? null : CloudClient.Connect(cloud.Address, cloud.Key);
        return http is null ? null : new CloudClient(http, cloud.Patience);
    }
}
