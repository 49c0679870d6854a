using Microsoft.Extensions.Logging.Abstractions;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Loops;
using Sak.Agent.Status;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;
using Sak.Tools.Simulate.WhatsApp;

namespace Sak.Tests.Agent.Chats;

/// <summary>When SAK sends, to whom, how fast, and what it does when something fails.</summary>
public sealed class MannersTests : IAsyncDisposable
{
    private const string Asha = "919800000001";
    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new();
    private ShopUnderTest _shop = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task In_the_quiet_hours_messages_are_read_and_answers_wait()
    {
        var local = TimeProvider.System.GetLocalNow();
        await OpenAsync($"--Send:QuietFrom={local.AddHours(-1):H:mm}", $"--Send:QuietTo={local.AddHours(1):H:mm}");
        _whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM turns WHERE state = 'done'") == 1,
            "the turn to be done");

        Assert.Equal("queued", await _shop.TextAsync("SELECT state FROM outbox"));
        Assert.Empty(_whatsApp.Sent);
    }

    [Fact]
    public async Task In_the_quiet_hours_an_answer_in_doubt_is_asked_for_and_not_sent_again()
    {
        var local = TimeProvider.System.GetLocalNow();
        await OpenAsync($"--Send:QuietFrom={local.AddHours(-1):H:mm}", $"--Send:QuietTo={local.AddHours(1):H:mm}");
        _whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM outbox WHERE state = 'queued'") == 1,
            "the answer to wait");
        await _shop.Db.WriteAsync(c => { c.Execute("UPDATE outbox SET state = 'sending', attempts = 1"); }, Cancel);
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM outbox WHERE state = 'queued'") == 1,
            "the doubt to be settled");

        Assert.Empty(_whatsApp.Sent);
    }

    [Fact]
    public async Task What_a_customer_changed_while_SAK_was_closed_is_found_behind_all_that_came_after_it()
    {
        await OpenAsync();
        var id = await _shop.SayAsync(Asha, "2 sugar");
        // The store's cursor is past the message, as it is within a minute; otherwise the first scan after the gap
        // would still find it.
        const string passed =
            "INSERT INTO cursors (name, value) VALUES ('whatsapp', 1) ON CONFLICT (name) DO UPDATE SET value = 1";
        await _shop.Db.WriteAsync(c => { c.Execute(passed); }, Cancel);
        await _shop.CloseAsync();
        _whatsApp.CustomerEdits(id, "3 sugar");
        for (var i = 0; i < 300; i++) _whatsApp.CustomerWrites("919800000002", "hello", Now.AddDays(-2));
        _shop.Open();

        await Eventually.IsTrueAsync(
            async () =>
                await _shop.CountAsync(
                    $"SELECT count(*) FROM messages WHERE amends = '{id}' AND text = '3 sugar'") == 1,
                    "the change to be found");
    }

    [Fact]
    public async Task A_message_of_before_the_clock_was_set_back_is_answered_at_once()
    {
        await OpenAsync();
        await _shop.SayAsync(Asha, "hello");
        await _shop.Db.WriteAsync(
            c =>
            {
                c.Execute(
                    "INSERT INTO messages (id, chat_id, from_me, kind, type, text, sent_at, captured_at) VALUES "
                        + "('later', $chat, 0, 'text', 'chat', '2 sugar', $now, $now + 86400000)",
                    ("$chat", $"{Asha}@c.us"), ("$now", Now));
            },
            Cancel);

        await Eventually.IsTrueAsync(() => _whatsApp.Sent.Count == 2, "the answer");
    }

    [Fact]
    public async Task A_second_answer_in_a_chat_waits_for_the_pace_and_another_chat_does_not()
    {
        await OpenAsync("--Send:PerChatMinute=1");
        await _shop.SayAsync(Asha, "2 sugar");
        _whatsApp.CustomerWrites(Asha, "and 3 salt", Now);
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM outbox WHERE state = 'queued'") == 1,
            "the second answer to wait");
        _whatsApp.CustomerWrites("919800000002", "4 milk", Now);
        await Eventually.IsTrueAsync(() => _whatsApp.Sent.Count == 2, "the other chat's answer");

        Assert.Equal(["919800000001@c.us", "919800000002@c.us"], _whatsApp.Sent.Select(s => s.ChatId));
    }

    [Fact]
    public async Task An_answer_that_was_queued_when_the_customer_wrote_stop_is_kept_back_in_the_owners_sight()
    {
        await OpenAsync();
        for (var i = 0; i < 4; i++) _whatsApp.Sends.Enqueue(SendFate.Refuse);
        _whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM outbox WHERE attempts > 0") == 1,
            "a reply that waits");
        _whatsApp.CustomerWrites(Asha, "stop", Now);
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM outbox WHERE state = 'kept'") == 1,
            "the reply to be kept back");

        Assert.Empty(_whatsApp.Sent);
        Assert.Contains("wants no more messages", await _shop.TextAsync("SELECT what FROM troubles"));
    }

    [Fact]
    public async Task Nothing_is_sent_to_someone_who_did_not_write_first()
    {
        await OpenAsync();
        await _shop.SayAsync(Asha, "hello");
        await _shop.Db.WriteAsync(
            c =>
            {
                c.Execute(
                    "INSERT INTO customers (id, phone, chat_id, name, language, words) VALUES ('x', '', 'x@c.us', '', "
                        + "'', '{}')");
                c.Execute("INSERT INTO chats (id, customer_id, last_at) VALUES ('x@c.us', 'x', 0)");
                c.Execute("INSERT INTO turns (id, chat_id, state, opened_at) VALUES ('t', 'x@c.us', 'done', 0)");
                c.Execute(
                    "INSERT INTO outbox (message_id, chat_id, turn_id, text, state, queued_at, next_at) VALUES "
                        + "('true_x@c.us_1', 'x@c.us', 't', 'Buy!', 'queued', 0, 0)");
            },
            Cancel);
        await _shop.Db.WriteAsync(
            c => { c.Execute("UPDATE outbox SET queued_at = $now WHERE chat_id = 'x@c.us'",
                ("$now", Now)); }, Cancel);
        _whatsApp.CustomerWrites("919800000002", "hello", Now);
        await Eventually.IsTrueAsync(() => _whatsApp.Sent.Count == 2, "the answers to those who wrote");

        Assert.DoesNotContain(_whatsApp.Sent, s => s.Text == "Buy!");
    }

    [Fact]
    public async Task A_customer_who_asks_for_a_person_gets_one_and_the_owner_is_told()
    {
        await OpenAsync();
        await _shop.SayAsync(Asha, "i want to talk to a real person");
        await _shop.SayAsync(Asha, "2 sugar");

        Assert.Single(_whatsApp.Sent);
        Assert.Contains("asks for a person", await _shop.TextAsync("SELECT what FROM troubles"));
        Assert.Contains("you are in charge", (await _shop.Shop.StatusAsync(Cancel)).Chats.Single().Open);
    }

    [Fact]
    public async Task Another_machine_that_answers_every_answer_is_left_to_the_owner_until_he_gives_it_back()
    {
        await OpenAsync();
        for (var i = 0; i < 13; i++)
            await _shop.SayAsync(Asha, i % 2 == 0 ? "Welcome to Acme! We open soon." : "hello");

        Assert.Equal(11, _whatsApp.Sent.Count);
        Assert.InRange(_whatsApp.Sent.Select(s => s.Text).Distinct().Count(), 1, 2);
        Assert.Contains("looks like a machine", await _shop.TextAsync("SELECT what FROM troubles"));
        Assert.Contains("you are in charge", (await _shop.Shop.StatusAsync(Cancel)).Chats.Single().Open);

        await _shop.Shop.Desk.GiveBackAsync($"{Asha}@c.us", Cancel);
        await _shop.SayAsync(Asha, "hello");
        Assert.Equal(12, _whatsApp.Sent.Count);
    }

    [Fact]
    public async Task A_customer_who_says_yes_again_and_again_to_new_orders_is_no_machine()
    {
        await OpenAsync();
        for (var i = 0; i < 14; i++) await _shop.SayAsync(Asha, i % 2 == 0 ? "2 sugar" : "yes");

        Assert.Equal(14, _whatsApp.Sent.Count);
    }

    [Fact]
    public async Task How_far_an_answer_got_is_shown()
    {
        await OpenAsync();
        await _shop.SayAsync(Asha, "hello");
        Assert.Equal(ReplyState.Sent, await ReplyStateAsync());
        foreach (var (ack, shown) in new[] { (WhatsAppAck.Delivered, ReplyState.Delivered),
            (WhatsAppAck.Read, ReplyState.Read),
            (WhatsAppAck.Delivered, ReplyState.Read) })
        {
            _whatsApp.Raise(new WhatsAppEvent.Acked([_whatsApp.Sent[0].Id], ack));
            await Eventually.IsTrueAsync(async () => await ReplyStateAsync() == shown, $"{shown}");
        }
    }

    [Fact]
    public async Task In_the_quiet_hours_the_owner_is_told_when_his_words_go()
    {
        var local = TimeProvider.System.GetLocalNow();
        await OpenAsync($"--Send:QuietFrom={local.AddHours(-1):H:mm}", $"--Send:QuietTo={local.AddHours(1):H:mm}");
        _whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM turns WHERE state = 'done'") == 1,
            "the turn to be done");

        var said = (await _shop.Shop.Desk.WriteAsync($"{Asha}@c.us", "Tomorrow!", Cancel)).Says;

        Assert.Contains($"at {local.AddHours(1):HH:mm}, after the quiet hours", said);
        Assert.DoesNotContain("On its way", said);
    }

    [Fact]
    public async Task The_alarm_of_a_reply_that_was_given_up_ends_when_WhatsApp_has_it_after_all()
    {
        await OpenAsync();
        _whatsApp.Sends.Enqueue(SendFate.Refuse);
        _whatsApp.CustomerWrites(Asha, "2 sugar", Now);
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM outbox WHERE attempts = 1") == 1, "one refusal");
        _whatsApp.Sends.Enqueue(SendFate.Refuse);
        await _shop.Db.WriteAsync(
            c => { c.Execute("UPDATE outbox SET attempts = $most - 1, next_at = 0", ("$most", Outbox.MostAttempts)); },
            Cancel);
        bool IsAlarmed() =>
            _shop.Shop.Alarms.Now.Any(a => a.What.Contains("could not be sent (", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(IsAlarmed, "the reply to be given up");

        var key = (await _shop.TextAsync("SELECT key FROM outbox"));
        _whatsApp.Raise(new WhatsAppEvent.Acked([$"true_77@lid_{key}"], WhatsAppAck.Delivered));
        await Eventually.IsTrueAsync(() => !IsAlarmed(), "the alarm to end");

        Assert.Equal("sent", await _shop.TextAsync("SELECT state FROM outbox"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_fetched_is_tried_again_and_holds_up_no_answer()
    {
        await OpenAsync();
        _whatsApp.CustomerWrites(Asha, "", Now, "image");
        await _shop.AnsweredAsync();
        await Eventually.IsTrueAsync(async () => await _shop.CountAsync("SELECT attempts FROM media") == 1, "one try");

        Assert.Equal("wanted", await _shop.TextAsync("SELECT state FROM media"));
        Assert.True(await _shop.CountAsync("SELECT next_at FROM media") > Now.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void What_fails_is_tried_again_after_one_two_four_and_at_most_thirty_seconds()
    {
        var clock = new VirtualTime(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));
        var (thread, start, tries) = (new OneThread(), clock.GetUtcNow(), new List<double>());
        using var life = new CancellationTokenSource();
        var supervisor = new Supervisor(new Alarms(clock), clock, NullLogger<Supervisor>.Instance);
        _ = Task.Factory.StartNew(
            () => supervisor.RunAsync(
                "WhatsApp",
                _ =>
                {
                    tries.Add((clock.GetUtcNow() - start).TotalSeconds);
                    throw new WhatsAppException("The browser did not start.");
                },
                life.Token),
            life.Token, TaskCreationOptions.None, thread);
        while (thread.Step() || clock.Next(start + TimeSpan.FromSeconds(125)))
        {
        }

        Assert.Equal([0, 1, 3, 7, 15, 31, 61, 91, 121], tries);
    }

    public async ValueTask DisposeAsync()
    {
        if (_shop is not null) await _shop.DisposeAsync();
        _folder.Dispose();
    }

    private async Task OpenAsync(params string[] settings)
    {
        _shop = new ShopUnderTest(_folder.Path, _whatsApp, settings);
        await _shop.ImportCatalogAsync();
        _shop.Open();
    }

    private async Task<ReplyState> ReplyStateAsync() =>
        (await _shop.Shop.StatusAsync(Cancel)).Chats.Single().ReplyState;
}
