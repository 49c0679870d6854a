using Microsoft.Extensions.Logging.Abstractions;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;
using Sak.Tools.Simulate.WhatsApp;

namespace Sak.Tests.Agent.Chats;

/// <summary>A connection that only looks alive is detected within a minute, measured with a clock that jumps.</summary>
public sealed class StallWatchTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private readonly Folder _folder = new();
    private readonly VirtualTime _clock = new(Start);
    private readonly OneThread _thread = new();
    private readonly WhatsAppLink _link = new();
    private readonly ReplicaDb _db;
    private readonly Outbox _outbox;
    private readonly StallWatch _watch;
    private readonly Pulsing _page;

    public StallWatchTests()
    {
        _db = OpenReplica.At(_folder.File("shop.db"), _clock);
        _outbox = new Outbox(_db, _clock);
        var settings = new WhatsAppSettings(new Uri("https://web.whatsapp.com"), "auto", "", Headless: true, "",
            MemoryMegabytes: 1500, MediaMegabytes: 20, "", SettleSeconds: 60);
        _watch = new StallWatch(_db, _outbox, _link, settings, _clock, NullLogger<StallWatch>.Instance);
        _page = new Pulsing(_clock);
        _link.Set(s => s with { Page = _page, State = WhatsAppState.Ready });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_that_hangs_is_seen_within_a_minute() =>
    await SeenAsync(() => _page.Hangs = true, "no sign of life");

    [Fact]
    public async Task A_page_that_is_dead_is_seen_within_a_minute() =>
    await SeenAsync(() => _page.Fails = true, "no sign of life");

    [Fact]
    public async Task Connected_but_silent_is_seen_within_a_minute() =>
    await SeenAsync(() => _page.Pulse = new WhatsAppPulse(300, IsSilent: true), "does not answer");

    [Fact]
    public async Task A_browser_that_eats_the_memory_is_seen_within_a_minute() =>
    await SeenAsync(() => _page.Pulse = new WhatsAppPulse(1600), "1600 MB");

    [Fact]
    public async Task A_page_that_tells_of_nothing_that_its_store_has_is_seen_within_a_minute() => await SeenAsync(
        () =>
        {
            Assert.True(_watch.Missed());
            Assert.False(_watch.Missed());
        },
        "tells of no message");

    [Fact]
    public async Task A_reply_that_is_never_acknowledged_is_seen_within_a_minute() =>
    await SeenAsync(() => _ = SendingAsync(), "sends nothing");

    [Fact]
    public async Task While_a_reply_is_on_its_way_the_browser_is_not_opened_anew_for_its_memory()
    {
        _page.Pulse = new WhatsAppPulse(1600);
        await OneReplyAsync();
        await SendingAsync();
        Assert.Null(await WatchAsync(TimeSpan.FromSeconds(35)));
    }

    [Fact]
    public async Task In_the_minute_after_the_phone_was_linked_nothing_is_opened_anew()
    {
        _link.NoteLinked(Start);
        _page.Fails = true;
        Assert.Null(await WatchAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("no sign of life", await WatchAsync(TimeSpan.FromMinutes(3)));
    }

    [Fact]
    public async Task An_event_between_two_that_were_lost_is_no_stall()
    {
        _watch.Missed();
        _watch.Heard();
        _watch.Missed();
        Assert.Null(await WatchAsync(TimeSpan.FromMinutes(3)));
    }

    [Fact]
    public async Task A_healthy_page_is_left_alone_for_a_day() => Assert.Null(await WatchAsync(TimeSpan.FromDays(1)));

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    private async Task SeenAsync(Action breaks, string words)
    {
        await OneReplyAsync();
        // The worst moment: just after a successful check.
        _clock.After(TimeSpan.FromSeconds(15.01), breaks);
        var seen = await WatchAsync(TimeSpan.FromMinutes(10));

        Assert.Contains(words, seen);
        Assert.InRange(_clock.GetUtcNow() - Start, TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(75.01));
        Assert.Contains(words, await _db.ReadAsync(c => c.Scalar<string>("SELECT what FROM troubles"), Cancel));
    }

    private Task SendingAsync() => _db.WriteAsync(
        c => { c.Execute("UPDATE outbox SET state = 'sending', asked_at = $now",
            ("$now", _clock.GetUtcNow())); }, Cancel);

    private Task OneReplyAsync() => _db.WriteAsync(
        c =>
        {
            c.Execute(
                "INSERT INTO customers (id, phone, chat_id, name, language, words) "
                    + "VALUES ('c', '', 'h', '', '', '{}')");
            c.Execute("INSERT INTO chats (id, customer_id, last_at) VALUES ('h', 'c', 0)");
            c.Execute("INSERT INTO turns (id, chat_id, state, opened_at) VALUES ('t', 'h', 'done', 0)");
            c.Execute(
                "INSERT INTO outbox (message_id, chat_id, turn_id, text, state, queued_at, next_at) VALUES ('m', 'h', "
                    + "'t', 'x', 'sent', 0, 0)");
        },
        Cancel);

    // The watch's reason for giving up, or nothing.
    private Task<string?> WatchAsync(TimeSpan most)
    {
        using var life = new CancellationTokenSource();
        var watching =
            Task.Factory.StartNew(() => _watch.WatchAsync(_page, life.Token), life.Token, TaskCreationOptions.None,
                _thread).Unwrap();
        while (!watching.IsCompleted && (_thread.Step() || _clock.Next(Start + most)))
        {
        }

        return Task.FromResult(watching.IsFaulted ? watching.Exception!.InnerException!.Message : null);
    }

    private sealed class Pulsing(TimeProvider clock) : IWhatsApp
    {
        public bool Hangs { get; set; }

        public bool Fails { get; set; }

        public WhatsAppPulse Pulse { get; set; } = new(300);

        public System.Threading.Channels.ChannelReader<WhatsAppEvent> Events => throw new NotSupportedException();

        public async Task<WhatsAppPulse> PulseAsync(CancellationToken cancel)
        {
            if (Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);
            return Fails ? throw new WhatsAppException("The page is dead.") : Pulse;
        }

        public Task OpenAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task<WhatsAppScan> ScanAsync(long cursor, int limit, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<WhatsAppAck> SendTextAsync(string chatId, string text, string messageId,
            CancellationToken cancel) => throw new NotSupportedException();

        public Task<WhatsAppAck?> FindSentAsync(string messageId, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task ShowTypingAsync(string chatId, TimeSpan time, CancellationToken cancel) =>
            throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
