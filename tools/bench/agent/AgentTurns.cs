using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Sak.Agent;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.Status;
using Sak.Agent.Sync;

namespace Sak.Tools.Bench.Agent;

/// <summary>
/// The whole agent except its browser, with the offline reader. First one message at a time, compared with bare
/// transactions for its steps; then turns as fast as possible, sixteen customers at a time, and the memory they took.
/// </summary>
internal sealed class AgentTurns(string folder, int turns, TimeSpan most)
{
    private const int Measured = 400;
    private const int Warmup = 50;
    private const int Customers = 200;
    private const double MostMegabytes = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly MemoryPage _page = new();
    private readonly List<double> _stored = [];
    private readonly List<double> _replied = [];
    private readonly List<double> _asked = [];
    private readonly List<double> _floorStored = [];
    private readonly List<double> _floorReplied = [];

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        await ImportAsync(cancel);
        using var floor = new AgentFloor(Path.Combine(folder, "floor.db"));
        await using var shop = Shop.Open(Settings(), () => _page, NullLoggerFactory.Instance,
            new RecentLog(TimeProvider.System), TimeProvider.System);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var work = shop.RunAsync(life.Token);
        await UntilAsync(() => shop.Link.Ready is not null && !shop.Link.Now.CatchingUp, cancel);

        for (var i = 0; i < Warmup + Measured; i++) await OneAsync(shop, floor, i, cancel);
        Figure.Print("seen_to_stored", _stored, _floorStored, "one SQLite transaction with the same rows");
        Figure.Print("turn_to_reply_stored", _replied, _floorReplied, "two SQLite transactions with the same rows");
        Figure.Print("seen_to_asked_to_send", _asked, null, "");
        await ManyAsync(shop, cancel);

        await life.CancelAsync();
        await work;
        return 0;
    }

    private async Task ImportAsync(CancellationToken cancel)
    {
        await using var db = OpenReplica.At(Path.Combine(folder, "shop.db"), TimeProvider.System);
        using var catalog = File.OpenText(Demo.DemoCommand.Catalog);
        await CatalogImport.RunAsync(db, catalog, "INR", TimeProvider.System, cancel);
    }

    // The pace of sending is not measured here.
    private AgentSettings Settings()
    {
        var settings =
            AgentSettings.Load([$"--Agent:DataFolder={folder}", "--Turns:QuietSeconds=0", "--Send:TypingSeconds=0"],
                folder, new Dictionary<string, string>()).Settings!;
        return settings with { Send = settings.Send with { PerMinute = int.MaxValue, PerChatMinute = int.MaxValue } };
    }

    // The agent signals after each commit: capture, open turn, reply, "sending", "sent". Each step is one of them.
    private async Task OneAsync(Shop shop, AgentFloor floor, int number, CancellationToken cancel)
    {
        var commits = new ConcurrentQueue<long>();
        long send = 0;
        void Committed() => commits.Enqueue(Stopwatch.GetTimestamp());
        void Asked(string chat) => send = Stopwatch.GetTimestamp();
        shop.Db.Written += Committed;
        _page.Asked += Asked;
        var start = Stopwatch.GetTimestamp();
        _page.CustomerWrites($"9199{number:00000000}", "2 sugar and 3 salt");
        await UntilAsync(() => commits.Count >= 5, cancel);
        shop.Db.Written -= Committed;
        _page.Asked -= Asked;
        var (capture, reply) = floor.Run(number);
        if (number < Warmup) return;
        var times = commits.ToArray();
        _stored.Add(Stopwatch.GetElapsedTime(start, times[0]).TotalMilliseconds);
        _replied.Add(Stopwatch.GetElapsedTime(times[0], times[2]).TotalMilliseconds);
        _asked.Add(Stopwatch.GetElapsedTime(start, send).TotalMilliseconds);
        _floorStored.Add(capture);
        _floorReplied.Add(reply);
    }

    // Each customer writes after the answer to the previous message, so each message is a turn.
    private async Task ManyAsync(Shop shop, CancellationToken cancel)
    {
        var next = new ConcurrentDictionary<string, int>();
        var written = 0;
        var before = _page.Sent;
        void Go(string phone)
        {
            var line = next.AddOrUpdate(phone, 1, (_, n) => n + 1);
            if (Interlocked.Increment(ref written) <= turns)
                _page.CustomerWrites(phone,
                    (line % 3) switch { 1 => "2 sugar and 3 salt", 2 => "yes", _ => "how much is milk?" });
        }

        _page.Asked += chat => Go(chat[..chat.IndexOf('@')]);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Math.Min(Customers, turns); i++) Go($"9198{i:00000000}");
        while (_page.Sent - before < turns && watch.Elapsed < most) await Task.Delay(50, cancel);
        var done = _page.Sent - before;
        var took = watch.Elapsed;
        var orders = await shop.Db.ReadAsync(c => c.Scalar<long>("SELECT count(*) FROM orders"), cancel);
        using var self = Process.GetCurrentProcess();
        var now = self.WorkingSet64 / 1_048_576.0;
        GC.Collect(2, GCCollectionMode.Forced, blocking: true);
        Figure.Line(new
        {
            workload = "memory_after_turns", system = "agent without the browser", page = "in memory", turns = done,
            orders, seconds = Math.Round(took.TotalSeconds, 1),
            turns_per_second = Math.Round(done / took.TotalSeconds, 1), mb = Math.Round(now, 1),
            peak_mb = Math.Round(Meter.PeakMb(Environment.ProcessId), 1),
            managed_mb = Math.Round(GC.GetTotalMemory(false) / 1_048_576.0, 1), floor = MostMegabytes,
            ratio = Math.Round(now / MostMegabytes, 2), floor_is = "the most that is allowed",
        });
    }

    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Patience) throw new SetupException("The agent did not get on; nothing was measured.");
            await Task.Delay(1, cancel);
        }
    }
}
