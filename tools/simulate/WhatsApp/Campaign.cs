using Microsoft.Extensions.Logging.Abstractions;
using Sak.Agent;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Orders;
using Sak.Agent.Settings;
using Sak.Agent.Status;
using Sak.Agent.Sync;

namespace Sak.Tools.Simulate.WhatsApp;

/// <summary>The result of one seed.</summary>
internal sealed record CampaignResult(int Seed, int Written, int Orders, int Replies, int Kills,
    IReadOnlyDictionary<string, int> Fired, IReadOnlyList<string> Violations);

/// <summary>
/// One seed: some hours of a shop with customers, a connection that fails in every way, and an agent that is killed
/// between any two of its steps and restarted on the same files. Then a calm phase, then the audit. The agent is real
/// except for its browser; time is virtual.
/// </summary>
internal sealed class Campaign : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Length = TimeSpan.FromHours(6);
    private static readonly TimeSpan Calm = TimeSpan.FromHours(1);
    private readonly int _seed;
    private readonly string _folder;
    private readonly VirtualTime _clock = new(Start);
    private readonly Random _chance;
    private readonly World _world;
    private readonly List<SimulatedCustomer> _customers = [];
    private OneThread? _thread;
    private Shop? _shop;
    private int _stepsToDeath = -1;
    private int _kills;

    private Campaign(int seed, string folder)
    {
        _seed = seed;
        _folder = folder;
        _chance = new Random(seed);
        _world = new World(_clock, _chance);
    }

    /// <param name="template">A database with the catalog in it, copied for each seed.</param>
    public static async Task<CampaignResult> RunAsync(int seed, string template, CancellationToken cancel)
    {
        var folder = NewFolder();
        try
        {
            File.Copy(template, Path.Combine(folder, "shop.db"));
            await using var campaign = new Campaign(seed, folder);
            return await campaign.PlayAsync(cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A kill is simulated by dropping the agent's remaining steps, so an in-memory database can serve as the disk; it
    // is faster.
    private static string NewFolder() => Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/sak-sim-{Guid.NewGuid():N}").FullName
        : Directory.CreateTempSubdirectory("sak-sim-").FullName;

    /// <summary>Makes the database with which every seed begins.</summary>
    public static async Task<string> MakeTemplateAsync(string folder, CancellationToken cancel)
    {
        var path = Path.Combine(folder, "template.db");
        var clock = new VirtualTime(Start);
        await using (var db = OpenReplica.At(path, clock))
        {
            using var catalog = File.OpenText(Demo.DemoCommand.Catalog);
            await CatalogImport.RunAsync(db, catalog, "INR", clock, cancel);
        }

        return path;
    }

    private async Task<CampaignResult> PlayAsync(CancellationToken cancel)
    {
        for (var i = 0; i < _chance.Next(3, 9); i++) _customers.Add(new SimulatedCustomer(_world, i + 1));
        Open();
        PlanOwner();
        PlanDeaths();
        await RunUntilAsync(Start + Length, cancel);

        (_world.Rough, _stepsToDeath) = (false, -1);
        if (_world.Open is { Deaf: true } deaf) deaf.Die("The page was reloaded");
        if (_shop is null) Open();
        await RunUntilAsync(Start + Length + Calm, cancel);

        var violations = await new Auditor(_world, _customers, _shop!.Db).FindAsync(cancel);
        var orders = await _shop.Db.ReadAsync(c => c.Scalar<int>("SELECT count(*) FROM orders"), cancel);
        return new CampaignResult(_seed, _world.All.Count(m => !m.FromMe), orders, _world.ToCustomers.Count, _kills,
            _world.Fired, violations);
    }

    private async Task RunUntilAsync(DateTimeOffset end, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (_stepsToDeath == 0) await KillAsync();
            if (_stepsToDeath > 0) _stepsToDeath--;
            if (_thread?.Step() == true) continue;
            if (!_clock.Next(end)) return;
        }
    }

    private void Open()
    {
        var loaded = AgentSettings.Load(
            ["--Turns:QuietSeconds=6", "--Send:TypingSeconds=1", $"--Agent:DataFolder={_folder}"], _folder,
            new Dictionary<string, string>());
        _thread = new OneThread();
        _shop = Shop.Open(loaded.Settings!, () => _world.Connect(TimeSpan.FromMinutes(2)), NullLoggerFactory.Instance,
            new RecentLog(_clock), _clock);
        var opened = _shop;
        _ = Task.Factory.StartNew(() => opened.RunAsync(CancellationToken.None), CancellationToken.None,
            TaskCreationOptions.None, _thread);
    }

    // No clean end: unsaved state and the browser are lost. The file is closed, as the system does for a killed
    // process.
    private async Task KillAsync()
    {
        _stepsToDeath = -1;
        if (_shop is null) return;
        _kills++;
        _thread!.Die();
        _world.Open?.Die();
        await _shop.Db.DisposeAsync();
        _shop = null;
        _clock.After(TimeSpan.FromSeconds(_chance.Next(5) == 0 ? _chance.Next(600, 7200) : _chance.Next(1, 60)), () =>
        {
            if (_shop is null) Open();
        });
    }

    private void PlanDeaths()
    {
        // Soon after a message was written or received, a few steps in: there a kill does the most harm.
        _clock.After(TimeSpan.FromSeconds(_chance.Next(60, 2400)), () =>
        {
            if (!_world.Rough) return;
            if (_shop is not null) _stepsToDeath = _chance.Next(1, 400);
            PlanDeaths();
        });
    }

    private void PlanOwner() => _clock.After(TimeSpan.FromSeconds(_chance.Next(600, 9000)), () =>
    {
        if (!_world.Rough) return;
        if (_chance.Next(6) == 0) _world.LinkAnew();
        else Type(_customers[_chance.Next(_customers.Count)]);
        PlanOwner();
    });

    private void Type(SimulatedCustomer customer)
    {
        if (!_world.All.Any(m => m.Chat == customer.Chat)) return;
        _world.Count("owner typed");
        _world.Writes(customer.Chat, customer.Hides ? "" : customer.Phone, "", "chat", "I will look after this myself",
            fromMe: true);
        _clock.After(TimeSpan.FromSeconds(_chance.Next(60, 1500)), Decide);
    }

    // On the agent's own thread, so that a kill may come between any two of its steps; two keys may be pressed at once.
    private void Decide()
    {
        if (_shop is not { } open || !_world.Rough) return;
        var (way, twice) = (_chance.Next(10), _chance.Next(3) == 0);
        for (var i = 0; i < (twice ? 2 : 1); i++)
            _ = Task.Factory.StartNew(() => DecideAsync(open.Desk, way), CancellationToken.None,
                TaskCreationOptions.None, _thread!);
    }

    private async Task DecideAsync(OwnerDesk desk, int way)
    {
        var drafts = await desk.DraftsAsync(CancellationToken.None);
        if (drafts.Count == 0) return;
        var number = drafts[0].Number;
        var (what, answer) = way switch
        {
            < 6 => ("draft confirmed", await desk.ConfirmAsync(number, CancellationToken.None)),
            < 8 => ("draft dropped", await desk.DropAsync(number, CancellationToken.None)),
            _ => ("draft corrected", await desk.CorrectAsync(number, "and 1 milk", CancellationToken.None)),
        };
        _world.Count(answer.Done ? what : "draft gone already");
    }

    public async ValueTask DisposeAsync()
    {
        _thread?.Die();
        if (_shop is not null) await _shop.Db.DisposeAsync();
    }
}
