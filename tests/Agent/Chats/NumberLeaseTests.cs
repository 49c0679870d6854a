using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Loops;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Chats;

/// <summary>When a PC answers and when it keeps quiet, by a clock that is moved by hand.</summary>
public sealed class NumberLeaseTests : IAsyncDisposable
{
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly WhatsAppLink _link = new();
    private readonly Alarms _alarms;
    private readonly ReplicaDb _db;
    private readonly List<LeaseRequest> _asked = [];
    private readonly NumberLease _lease;
    private string _holder = "";
    private bool _isAway;
    private int _caughtUp;

    public NumberLeaseTests()
    {
        _alarms = new Alarms(_clock);
        _db = OpenReplica.At(_folder.File("shop.db"), _clock);
        _link.Set(s => s with { Page = new InMemoryWhatsApp().Connect(), State = WhatsAppState.Ready });
        _lease = New();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_PC_that_was_asleep_while_another_took_over_asks_before_it_sends_and_keeps_quiet()
    {
        Assert.True(await _lease.MaySendAsync(Cancel));
        Assert.True(_lease.MayAnswer);
        _holder = "replica@KASSE-2";
        _clock.Advance(TimeSpan.FromHours(2)); // No timer runs meanwhile.

        Assert.False(_lease.MayAnswer);
        Assert.False(await _lease.MaySendAsync(Cancel));
        var told = Assert.Single(_alarms.Now);
        Assert.Contains("KASSE-2", told.What);
        Assert.Contains("take-over", told.Next);
    }

    [Fact]
    public async Task A_network_that_is_still_asleep_does_not_count_as_a_cloud_that_is_away()
    {
        await _lease.MaySendAsync(Cancel);
        _isAway = true;
        _clock.Advance(TimeSpan.FromHours(2));

        for (var i = 0; i < 3; i++)
        {
            Assert.False(await _lease.MaySendAsync(Cancel));
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        _isAway = false;
        _holder = "replica@KASSE-2";
        Assert.False(await _lease.MaySendAsync(Cancel));
    }

    [Fact]
    public async Task With_the_cloud_away_the_shop_goes_on_without_a_break()
    {
        var worker = RunAsync();
        await UntilAsync(() => _lease.MayAnswer);
        _isAway = true;
        for (var i = 0; i < 40; i++)
        {
            var count = _asked.Count;
            _clock.Advance(TimeSpan.FromSeconds(5));
            await UntilAsync(() => _asked.Count > count || i < 3);
            Assert.True(_lease.MayAnswer);
        }

        await worker.StopAsync();
    }

    [Fact]
    public async Task A_PC_that_knows_of_another_stays_quiet_while_the_cloud_is_away_and_after_a_restart_too()
    {
        _holder = "replica@KASSE-2";
        await _lease.MaySendAsync(Cancel);
        _isAway = true;
        var again = New();
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            Assert.False(await _lease.MaySendAsync(Cancel));
            Assert.False(await again.MaySendAsync(Cancel));
        }

        (_isAway, _holder) = (false, "");
        Assert.True(await again.MaySendAsync(Cancel));
        Assert.Empty(_alarms.Now);
        Assert.Equal(1, _caughtUp);
    }

    [Fact]
    public async Task A_PC_that_starts_while_the_cloud_is_away_answers_after_a_few_tries()
    {
        _isAway = true;
        var tries = 0;
        while (!await _lease.MaySendAsync(Cancel))
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            tries++;
        }

        Assert.InRange(tries, 2, 5);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_is_a_doubt()
    {
        await _lease.MaySendAsync(Cancel);
        _holder = "replica@KASSE-2";
        _clock.AdjustTime(_clock.GetUtcNow().AddDays(-1));

        Assert.False(await _lease.MaySendAsync(Cancel));
    }

    [Fact]
    public async Task While_WhatsApp_is_not_connected_the_lease_is_left_to_run_out()
    {
        var worker = RunAsync();
        await UntilAsync(() => _lease.MayAnswer);
        _link.Set(s => s with { State = WhatsAppState.LoggedOut });
        var count = _asked.Count;
        for (var i = 0; i < 8; i++) _clock.Advance(TimeSpan.FromSeconds(15));

        Assert.InRange(_asked.Count, count, count + 1); // One may have been on its way.
        Assert.False(_lease.MayAnswer);
        await worker.StopAsync();
    }

    [Fact]
    public async Task The_owners_wish_to_take_over_is_passed_on_once()
    {
        _holder = "replica@KASSE-2";
        var worker = RunAsync();
        await UntilAsync(() => _asked.Count == 1);
        _lease.AskSoon(over: true);
        await UntilAsync(() => _lease.MayAnswer);

        Assert.Equal([false, true], _asked.Select(a => a.TakeOver));
        await _lease.MaySendAsync(Cancel);
        await worker.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    private NumberLease New() =>
        new(_db, Answer, _link, _alarms, () => _caughtUp++, false, _clock, NullLogger<NumberLease>.Instance);

    private Task<LeaseAnswer> Answer(LeaseRequest request, CancellationToken cancel)
    {
        _asked.Add(request);
        if (_isAway) throw new CloudUnavailableException("away");
        if (request.TakeOver) _holder = "";
        return Task.FromResult(
            new LeaseAnswer(_holder.Length == 0, _holder.Length == 0 ? request.Device : _holder, 60));
    }

    private Running RunAsync() => new(_lease);

    private static Task UntilAsync(Func<bool> condition) =>
        Eventually.IsTrueAsync(condition, "the lease to be asked for");

    private sealed class Running
    {
        private readonly CancellationTokenSource _life = new();
        private readonly Task _work;

        public Running(NumberLease lease) => _work = lease.RunAsync(_life.Token);

        public async Task StopAsync()
        {
            await _life.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _work);
        }
    }
}
