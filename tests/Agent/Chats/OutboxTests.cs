using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Chats;

/// <summary>The states of a reply from "queued" to "read", whatever happens between two steps.</summary>
public sealed class OutboxTests : IAsyncLifetime
{
    private const string Chat = "919800000001@c.us";
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly ReplicaDb _db;
    private readonly Outbox _outbox;

    public OutboxTests()
    {
        _db = OpenReplica.At(_folder.File("shop.db"), _clock);
        _outbox = new Outbox(_db, _clock);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await QueueAsync(Chat, "919800000001");

    [Fact]
    public async Task A_reply_in_doubt_that_WhatsApp_does_not_have_waits_as_one_that_was_never_tried()
    {
        var reply = await DueAsync();
        await _outbox.SendingAsync(reply, Cancel);
        Assert.True((await DueAsync()).InDoubt);

        await _outbox.SettleAsync(reply.MessageId, null, Cancel);

        Assert.False((await DueAsync()).InDoubt);
    }

    [Fact]
    public async Task A_refused_reply_does_not_make_WhatsApp_look_silent()
    {
        var reply = await DueAsync();
        await _outbox.SendingAsync(reply, Cancel);
        await _outbox.FailedAsync(reply, "no", refused: true, Cancel);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.Zero, await _outbox.LongestUnacknowledgedAsync(Cancel));
    }

    [Fact]
    public async Task What_the_page_before_did_not_acknowledge_says_nothing_of_a_new_page_until_that_has_it()
    {
        var reply = await DueAsync();
        await _outbox.SendingAsync(reply, Cancel);
        _clock.Advance(TimeSpan.FromHours(9));
        await _outbox.PageOpenedAsync(Cancel);
        Assert.Equal(TimeSpan.Zero, await _outbox.LongestUnacknowledgedAsync(Cancel));

        await _outbox.SettleAsync(reply.MessageId, WhatsAppAck.Pending, Cancel);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(1), await _outbox.LongestUnacknowledgedAsync(Cancel));
    }

    [Fact]
    public async Task A_reply_that_WhatsApp_acknowledged_meanwhile_is_neither_expired_nor_failed_nor_sent_again()
    {
        var reply = await DueAsync();
        await _outbox.AckedAsync([reply.MessageId], WhatsAppAck.Sent, Cancel);

        await _outbox.ExpireAsync(reply, Cancel);
        await _outbox.FailedAsync(reply with { Attempts = Outbox.MostAttempts }, "no", refused: true, Cancel);
        Assert.False(await _outbox.SendingAsync(reply, Cancel));

        Assert.Equal("sent", await _db.ReadAsync(c => c.Scalar<string>("SELECT state FROM outbox"), Cancel));
        Assert.Equal(0, await _db.ReadAsync(c => c.Scalar<long>("SELECT count(*) FROM troubles"), Cancel));
    }

    [Fact]
    public async Task A_stop_holds_for_a_reply_that_was_taken_up_before_the_phone_was_learned()
    {
        await QueueAsync("77@lid", "");
        var reply = (await _outbox.DueAsync(_clock.GetUtcNow(), Cancel)).Single(r => r.Chat == "77@lid");
        await CaptureAsync("2", "77@lid", "919800000009");
        await _db.WriteAsync(c => { c.Execute("UPDATE chats SET stopped = 1 WHERE id = '919800000009@c.us'"); },
            Cancel);

        Assert.False(await _outbox.SendingAsync(reply, Cancel));
    }

    [Theory]
    [InlineData("Stop!")]
    [InlineData("ok. please stop sending me messages")]
    [InlineData("no quiero más mensajes")]
    public async Task From_the_capture_of_a_stop_on_nothing_leaves_and_when_it_is_read_the_reply_is_kept_back(
        string words)
    {
        var reply = await DueAsync();
        await CaptureAsync("2", Chat, "919800000001", words);
        Assert.False(await _outbox.SendingAsync(reply, Cancel));
        Assert.Equal("queued", await StateAsync());
        var turn = (await Capturing.NextTurnAsync(_db, Chat, _clock, Cancel))!;
        Assert.False(await _outbox.SendingAsync(reply, Cancel)); // Being read.
        Assert.Empty(await _outbox.DueAsync(_clock.GetUtcNow(), Cancel)); // Nor is "typing…" shown.

        await _db.WriteAsync(
            c => { c.Execute("UPDATE turns SET state = 'done' WHERE id = $id",
                ("$id", turn.Id)); c.Execute("UPDATE chats SET stopped = 1"); }, Cancel);
        Assert.False(await _outbox.SendingAsync(reply, Cancel));

        Assert.Equal("kept", await StateAsync());
    }

    [Fact]
    public async Task What_only_sounds_like_a_stop_holds_the_reply_no_longer_than_it_takes_to_read_it()
    {
        var reply = await DueAsync();
        await CaptureAsync("2", Chat, "919800000001", "stop the order of milk");
        Assert.False(await _outbox.SendingAsync(reply, Cancel));
        await Capturing.NextTurnAsync(_db, Chat, _clock, Cancel);
        await _db.WriteAsync(c => { c.Execute("UPDATE turns SET state = 'done'"); }, Cancel);

        Assert.True(await _outbox.SendingAsync(await DueAsync(), Cancel));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_by_a_day_does_not_hold_a_reply_for_a_day()
    {
        await _db.WriteAsync(c => { c.Execute("UPDATE outbox SET next_at = next_at + 86400000"); }, Cancel);
        Assert.NotNull(await DueAsync());

        await _db.WriteAsync(c => { c.Execute("UPDATE outbox SET sent_at = next_at"); }, Cancel);
        Assert.Empty(await _outbox.RecentAsync(Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<QueuedReply> DueAsync() => (await _outbox.DueAsync(_clock.GetUtcNow(), Cancel)).Single();

    private async Task QueueAsync(string chat, string phone)
    {
        await CaptureAsync($"FIRST{chat[..2]}", chat, phone);
        var turn = (await Capturing.NextTurnAsync(_db, chat, _clock, Cancel))!;
        await _db.WriteAsync(
            c =>
            {
                c.Execute("UPDATE turns SET state = 'done'");
                Outbox.Queue(c, turn, "Welcome!", _clock.GetUtcNow());
            },
            Cancel);
    }

    private Task<string> StateAsync() => _db.ReadAsync(c => c.Scalar<string>("SELECT state FROM outbox"), Cancel);

    private Task CaptureAsync(string id, string chat, string phone, string text = "hello") =>
        Capturing.Into(_db, _clock).CaptureAsync(
        [new WhatsAppMessage($"false_{chat}_{id}", chat, phone, "", false, "chat", text, _clock.GetUtcNow())], null,
        Cancel);
}
