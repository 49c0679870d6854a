using Microsoft.Extensions.Logging;
using Sak.Agent.Dashboard;
using Sak.Agent.OrderTaking;
using Sak.Agent.Store;
using Sak.Agent.WhatsApp;
using Sak.Agent.Workers;
using Sak.Sync;
using Sak.Sync.Pricing;
using Sak.Sync.Understanding;

namespace Sak.Agent;

/// <summary>The whole agent, put together by hand: the database, the taking of orders, and workers that never stop.</summary>
public sealed class Shop : IAsyncDisposable
{
    private static readonly TimeSpan SyncSoon = TimeSpan.FromMilliseconds(300);
    private readonly AgentSettings settings;
    private readonly TimeProvider clock;
    private readonly RecentLog recent;
    private readonly HttpClient? http;
    private readonly Supervisor supervisor;
    private readonly ConnectionWorker connection;
    private readonly InboundWorker inbound;
    private readonly SendWorker sending;
    private readonly MediaWorker media;
    private readonly AlarmBell bell;
    private readonly SyncWorker? sync;

    /// <summary>Whether this PC answers, or another one of the shop.</summary>
    public NumberLease Lease { get; }

    private Shop(AgentSettings settings, Func<IWhatsApp> openWhatsApp, ILoggerFactory logs, RecentLog recent, bool takeOver, Action? ring, TimeProvider clock)
    {
        this.settings = settings;
        this.clock = clock;
        this.recent = recent;
        Db = ReplicaDb.Open(settings.DatabaseFile, clock);
        Alarms = new Alarms(clock);
        bell = new AlarmBell(Alarms, settings.Alarm.Bell ? ring : null, settings.Alarm.Command, clock, logs.CreateLogger<AlarmBell>());
        supervisor = new Supervisor(Alarms, clock, logs.CreateLogger<Supervisor>());
        var conversations = new Conversations(Db, clock) { OwnerWord = settings.Turns.OwnerWord, WaitsForTranscripts = settings.WhatsApp.Transcriber.Length > 0 };
        var outbox = new Outbox(Db, clock);
        var catalog = new CatalogIndex(Db.OpenReader);
        var cloud = Cloud(settings.Cloud, out http);
        var replier = cloud is null ? null : new CloudReplier(cloud, settings.Cloud.ReplyTime, clock);
        var handler = new InboundHandler(Db, conversations, replier, new OfflineReplier(catalog), Rules(settings), clock, logs.CreateLogger<InboundHandler>());

        Desk = new OwnerDesk(Db, new OfflineReplier(catalog), Rules(settings), clock) { Pace = settings.Send.Pace };
        var watch = new StallWatch(Db, outbox, Link, settings.WhatsApp.MemoryMegabytes, settings.WhatsApp.Settles, clock, logs.CreateLogger<StallWatch>());
        connection = new ConnectionWorker(openWhatsApp, Link, conversations, outbox, watch, Alarms, settings.Turns.OwnerKeeps, clock, logs.CreateLogger<ConnectionWorker>());
        Lease = new NumberLease(Db, cloud is null ? null : cloud.HoldNumberAsync, Link, Alarms, connection.CatchUp, takeOver, clock, logs.CreateLogger<NumberLease>());
        inbound = new InboundWorker(conversations, handler, Db, Link, Lease, Alarms, settings.Turns.Quiet, settings.Turns.TooOld, clock, logs.CreateLogger<InboundWorker>());
        sending = new SendWorker(Db, outbox, Link, Lease, Alarms, settings.Send.Pace, settings.Turns.TooOld, clock, logs.CreateLogger<SendWorker>());
        Files = new MediaFiles(Db, Path.Combine(settings.DataFolder, "media"), clock);
        media = new MediaWorker(
            Db, Files, Link, (long)(settings.WhatsApp.MediaMegabytes * 1_000_000),
            settings.WhatsApp.Transcriber, clock, logs.CreateLogger<MediaWorker>());
        if (cloud is not null)
            sync = new SyncWorker(Db, new SyncSession(new SqliteReplica(Db, clock), cloud, new SyncHooks(Progress: p => sync?.Show(p))), new SyncSchedule(settings.Cloud.SyncTime, SyncSoon), Alarms, clock, logs.CreateLogger<SyncWorker>(),
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
    /// <param name="takeOver">This PC answers from now on, whichever PC of the shop did before.</param>
    public static Shop Open(AgentSettings settings, Func<IWhatsApp> openWhatsApp, ILoggerFactory logs, RecentLog recent, TimeProvider clock, bool takeOver = false, Action? ring = null) =>
        new(settings, openWhatsApp, logs, recent, takeOver, ring, clock);

    /// <summary>Runs the workers until cancelled; a worker that fails is started again.</summary>
    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(
        supervisor.RunAsync("WhatsApp", connection.RunAsync, cancel),
        supervisor.RunAsync("answering", inbound.RunAsync, cancel),
        supervisor.RunAsync("sending", sending.RunAsync, cancel),
        supervisor.RunAsync("voice notes and pictures", media.RunAsync, cancel),
        supervisor.RunAsync("transcribing", media.TranscribeAsync, cancel),
        supervisor.RunAsync("the alarm", bell.RunAsync, cancel),
        sync is null ? Task.CompletedTask : supervisor.RunAsync("asking who answers", Lease.RunAsync, cancel),
        sync is null ? Task.CompletedTask : supervisor.RunAsync("the cloud", sync.RunAsync, cancel));

    /// <summary>A picture of the shop at this moment, for the dashboard.</summary>
    public Task<ShopStatus> StatusAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var midnight = new DateTimeOffset(clock.GetLocalNow().Date, clock.GetLocalNow().Offset);
        var link = Link.Now;
        return Db.ReadAsync(
            db =>
            {
                var (unsynced, parked) = StatusQuery.Pending(db);
                var cloud = sync is null
                    ? new CloudStatus("off", "no address is set", null, unsynced, parked)
                    : new CloudStatus(sync.State, sync.Detail, sync.LastContact, unsynced, parked);
                return new ShopStatus(
                    settings.Shop.Name, now, link.State, link.Reason, link.LoginCode, cloud, StatusQuery.Today(db, midnight, settings.Shop.Currency),
                    StatusQuery.Orders(db), StatusQuery.Chats(db, now), StatusQuery.Catalog(db), recent.Newest, [.. Alarms.Now, .. StatusQuery.Troubles(db, midnight)]) { Words = StatusQuery.Words(db) };
            },
            cancel);
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        await Db.DisposeAsync();
    }

    internal static TakingRules Rules(AgentSettings settings) => new(
        new ShopFacts(settings.Shop.Name, settings.Shop.Phone, settings.Shop.Hours, settings.Shop.Address, new PriceRules(settings.Shop.Currency, settings.Shop.TaxInclusive)),
        settings.Shop.OrderSeries, settings.Turns.Late, settings.Turns.TooOld, settings.Turns.OwnerKeeps);

    private async Task<bool> WatchAsync(CloudClient cloud, CancellationToken cancel) =>
        await cloud.WatchAsync((await new SqliteReplica(Db, clock).PositionAsync(cancel)).Since, cancel);

    private static CloudClient? Cloud(CloudSettings cloud, out HttpClient? http)
    {
        http = cloud.Address is null ? null : CloudClient.Connect(cloud.Address, cloud.Key);
        return http is null ? null : new CloudClient(http, cloud.Patience);
    }
}
