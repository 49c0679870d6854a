using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Store;
using Sak.Agent.WhatsApp;
using Sak.Agent.Workers;
using Sak.Sync;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Agent;

/// <summary>When a PC answers and when it keeps quiet, by a clock that is moved by hand.</summary>
public sealed class NumberLeaseTests : IAsyncDisposable
{
    private readonly Folder folder = new();
    private readonly FakeTimeProvider clock = new(TestTime.Start);
    private readonly WhatsAppLink link = new();
    private readonly Alarms alarms;
    private readonly ReplicaDb db;
    private readonly List<LeaseRequest> asked = [];
    private readonly NumberLease lease;
    private string holder = "";
    private bool isAway;
    private int caughtUp;

    public NumberLeaseTests()
    {
        alarms = new Alarms(clock);
        db = ReplicaDb.Open(folder.File("shop.db"), clock);
        link.Set(s => s with { Page = new InMemoryWhatsApp().Connect(), State = WhatsAppState.Ready });
        lease = New();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_PC_that_was_asleep_while_another_took_over_asks_before_it_sends_and_keeps_quiet()
    {
        Assert.True(await lease.MaySendAsync(Cancel));
        Assert.True(lease.MayAnswer);
        holder = "replica@KASSE-2";
        clock.Advance(TimeSpan.FromHours(2)); // No timer runs meanwhile.

        Assert.False(lease.MayAnswer);
        Assert.False(await lease.MaySendAsync(Cancel));
        var told = Assert.Single(alarms.Now);
        Assert.Contains("KASSE-2", told.What);
        Assert.Contains("take-over", told.Next);
    }

    [Fact]
    public async Task A_network_that_is_still_asleep_does_not_count_as_a_cloud_that_is_away()
    {
        await lease.MaySendAsync(Cancel);
        isAway = true;
        clock.Advance(TimeSpan.FromHours(2));

        for (var i = 0; i < 3; i++)
        {
            Assert.False(await lease.MaySendAsync(Cancel));
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        isAway = false;
        holder = "replica@KASSE-2";
        Assert.False(await lease.MaySendAsync(Cancel));
    }

    [Fact]
    public async Task With_the_cloud_away_the_shop_goes_on_without_a_break()
    {
        var worker = RunAsync();
        await UntilAsync(() => lease.MayAnswer);
        isAway = true;
        for (var i = 0; i < 40; i++)
        {
            var count = asked.Count;
            clock.Advance(TimeSpan.FromSeconds(5));
            await UntilAsync(() => asked.Count > count || i < 3);
            Assert.True(lease.MayAnswer);
        }

        await worker.StopAsync();
    }

    [Fact]
    public async Task A_PC_that_knows_of_another_stays_quiet_while_the_cloud_is_away_and_after_a_restart_too()
    {
        holder = "replica@KASSE-2";
        await lease.MaySendAsync(Cancel);
        isAway = true;
        var again = New();
        for (var i = 0; i < 10; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            Assert.False(await lease.MaySendAsync(Cancel));
            Assert.False(await again.MaySendAsync(Cancel));
        }

        (isAway, holder) = (false, "");
        Assert.True(await again.MaySendAsync(Cancel));
        Assert.Empty(alarms.Now);
        Assert.Equal(1, caughtUp);
    }

    [Fact]
    public async Task A_PC_that_starts_while_the_cloud_is_away_answers_after_a_few_tries()
    {
        isAway = true;
        var tries = 0;
        while (!await lease.MaySendAsync(Cancel))
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            tries++;
        }

        Assert.InRange(tries, 2, 5);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_is_a_doubt()
    {
        await lease.MaySendAsync(Cancel);
        holder = "replica@KASSE-2";
        clock.Advance(TimeSpan.FromDays(-1));

        Assert.False(await lease.MaySendAsync(Cancel));
    }

    [Fact]
    public async Task While_WhatsApp_is_not_connected_the_lease_is_left_to_run_out()
    {
        var worker = RunAsync();
        await UntilAsync(() => lease.MayAnswer);
        link.Set(s => s with { State = WhatsAppState.LoggedOut });
        var count = asked.Count;
        for (var i = 0; i < 8; i++) clock.Advance(TimeSpan.FromSeconds(15));

        Assert.InRange(asked.Count, count, count + 1); // One may have been on its way.
        Assert.False(lease.MayAnswer);
        await worker.StopAsync();
    }

    [Fact]
    public async Task The_owners_wish_to_take_over_is_passed_on_once()
    {
        holder = "replica@KASSE-2";
        var worker = RunAsync();
        await UntilAsync(() => asked.Count == 1);
        lease.AskSoon(over: true);
        await UntilAsync(() => lease.MayAnswer);

        Assert.Equal([false, true], asked.Select(a => a.TakeOver));
        await lease.MaySendAsync(Cancel);
        await worker.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await db.DisposeAsync();
        folder.Dispose();
    }

    private NumberLease New() => new(db, Answer, link, alarms, () => caughtUp++, false, clock, NullLogger<NumberLease>.Instance);

    private Task<LeaseAnswer> Answer(LeaseRequest request, CancellationToken cancel)
    {
        asked.Add(request);
        if (isAway) throw new CloudUnavailableException("away");
        if (request.TakeOver) holder = "";
        return Task.FromResult(new LeaseAnswer(holder.Length == 0, holder.Length == 0 ? request.Device : holder, 60));
    }

    private Running RunAsync() => new(lease);

    private static Task UntilAsync(Func<bool> condition) => Eventually.IsTrueAsync(condition, "the lease to be asked for");

    private sealed class Running
    {
        private readonly CancellationTokenSource life = new();
        private readonly Task work;

        public Running(NumberLease lease) => work = lease.RunAsync(life.Token);

        public async Task StopAsync()
        {
            await life.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        }
    }
}
