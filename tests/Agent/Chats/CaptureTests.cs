using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Chats;

public sealed class CaptureTests : IAsyncDisposable
{
    private static readonly TimeSpan Owner = TimeSpan.FromMinutes(30);
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly ReplicaDb _db;
    private readonly CaptureMessages _capture;

    public CaptureTests()
    {
        _db = OpenReplica.At(_folder.File("shop.db"), _clock);
        _capture = Capturing.Into(_db, _clock);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_delivered_twice_is_captured_once()
    {
        var message = Message("1", "5 ctn oil");

        var first = await _capture.CaptureAsync([message, message], null, Cancel);
        var again = await _capture.CaptureAsync([message], 7, Cancel);

        Assert.Equal((1, 0), (first.New, again.New));
        Assert.Equal(1, await CountAsync("messages"));
        Assert.Equal(7, (await _capture.PlaceAsync(Cancel)).Row);
    }

    [Fact]
    public async Task The_cursor_does_not_move_when_its_messages_could_not_be_stored()
    {
        await _capture.CaptureAsync([Message("1", "hello")], 1, Cancel);
        await _db.WriteAsync(
            c => { c.Execute(
                "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no room'); END"); }, Cancel);

        await Assert.ThrowsAsync<SqliteException>(
            () => _capture.CaptureAsync([Message("2", "5 oil")], 2, Cancel));

        Assert.Equal(1, (await _capture.PlaceAsync(Cancel)).Row);
        await _db.WriteAsync(c => { c.Execute("DROP TRIGGER full"); }, Cancel);
        Assert.Equal(1, (await _capture.CaptureAsync([Message("2", "5 oil")], 2, Cancel)).New);
    }

    [Theory]
    [InlineData("1234-5678@g.us")]
    [InlineData("status@broadcast")]
    [InlineData("77@broadcast")]
    [InlineData("55@newsletter")]
    [InlineData("0@c.us")]
    public async Task What_is_not_a_person_is_counted_once_and_never_read(string chat)
    {
        var post = Message("1", "10 ctn oil", chat);

        await _capture.CaptureAsync([post], null, Cancel);
        await _capture.CaptureAsync([post], null, Cancel);

        Assert.Equal(1, await CountAsync("ignored"));
        Assert.Equal(0, await CountAsync("messages"));
        Assert.Empty(await _db.ReadAsync(c => Turns.Due(c, transcribes: false), Cancel));
    }

    [Theory]
    [InlineData("", "chat", "text")]
    [InlineData("🙏🙏", "chat", "text")]
    [InlineData("", "ptt", "voice")]
    [InlineData("", "image", "image")]
    [InlineData("", "vcard", "contact")]
    [InlineData("", "something_new", "other")]
    public async Task Whatever_a_customer_sends_is_kept(string text, string type, string kind)
    {
        await _capture.CaptureAsync([Message("1", text, type: type)], null, Cancel);

        var turn = await NextTurnAsync(_db);

        var message = Assert.Single(turn!.Messages);
        Assert.Equal((text, kind), (message.Text, message.Kind));
    }

    [Fact]
    public async Task A_hundred_kilobytes_are_kept_whole_and_cut_only_for_reading()
    {
        var text = new string('x', 100_000);
        await _capture.CaptureAsync([Message("1", text)], null, Cancel);

        Assert.Equal(100_000, await _db.ReadAsync(c => c.Scalar<long>("SELECT length(text) FROM messages"), Cancel));
        Assert.Equal(4000, (await NextTurnAsync(_db))!.Messages[0].Text.Length);
    }

    [Fact]
    public async Task An_encrypted_message_waits_until_it_can_be_read()
    {
        await _capture.CaptureAsync([Message("1", "", type: "ciphertext")], null, Cancel);
        await _capture.CaptureAsync([Message("1", "5 oil")], null, Cancel);

        Assert.Equal("5 oil",
            (await NextTurnAsync(_db))!.Messages.Single().Text);
    }

    [Fact]
    public async Task A_message_that_stays_sealed_is_shown_to_the_owner_and_read_when_its_words_come_after_all()
    {
        await _capture.CaptureAsync([Message("1", "", type: "ciphertext")], 5, Cancel);
        Assert.Equal(1, await CountAsync("messages"));
        Assert.Contains("could not be decrypted",
            await _db.ReadAsync(c => c.Scalar<string>("SELECT what FROM troubles"), Cancel));
        await AnswerAsync();

        await _capture.CaptureAsync([Message("1", "5 oil")], 6, Cancel);

        Assert.Equal("5 oil",
            (await NextTurnAsync(_db))!.Messages.Single().Text);
    }

    [Fact]
    public async Task Each_message_that_stays_sealed_is_told_with_its_customer()
    {
        await _capture.CaptureAsync(
            [Message("1", "", type: "ciphertext"), Message("2", "", "919800000002@c.us", "ciphertext"),
                Message("3", "", type: "ciphertext", fromMe: true)], 5, Cancel);

        var told = await _db.ReadAsync(c => c.List("SELECT what FROM troubles ORDER BY what", r => r.GetString(0)),
            Cancel);
        Assert.Equal(2, told.Count);
        Assert.Contains("+919800000001", told[0], StringComparison.Ordinal);
        Assert.Contains("+919800000002", told[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_comes_again_under_the_other_name_of_its_chat_is_the_same_message()
    {
        await _capture.CaptureAsync([Message("1", "5 oil")], 5, Cancel);
        await AnswerAsync();

        var again = Message("1", "5 oil", "77@lid") with { Phone = "919800000001" };
        Assert.Equal(0, (await _capture.CaptureAsync([again], 9, Cancel)).New);
        Assert.Null(await NextTurnAsync(_db));

        await _capture.EditAsync(again.Id, "3 oil", Cancel);
        Assert.Equal(("3 oil", "5 oil"),
            (await NextTurnAsync(_db))!.Messages.Select(m => (m.Text, m.Before))
                .Single());
    }

    [Fact]
    public async Task An_edit_before_the_answer_takes_the_place_of_the_text()
    {
        await _capture.CaptureAsync([Message("1", "12 oil")], null, Cancel);
        await _capture.EditAsync(Message("1", "").Id, "2 oil", Cancel);

        var turn = await NextTurnAsync(_db);

        Assert.Equal("2 oil", turn!.Messages.Single().Text);
    }

    [Fact]
    public async Task An_edit_after_the_answer_is_read_once_as_a_message_that_says_what_it_replaces()
    {
        await _capture.CaptureAsync([Message("1", "12 oil")], null, Cancel);
        await AnswerAsync();
        await _capture.EditAsync(Message("1", "").Id, "2 oil", Cancel);
        await _capture.EditAsync(Message("1", "").Id, "2 oil", Cancel);

        var edited = (await NextTurnAsync(_db))!.Messages.Single();

        Assert.Equal(("edited", "2 oil", "12 oil"), (edited.Kind, edited.Text, edited.Before));
    }

    [Fact]
    public async Task A_turn_keeps_its_identity_and_messages_when_the_program_dies_over_it()
    {
        await _capture.CaptureAsync([Message("1", "hello"), Message("2", "5 oil")], null, Cancel);
        var first = await NextTurnAsync(_db);
        await _capture.CaptureAsync([Message("3", "and 2 sugar")], null, Cancel);

        await using var reopened = OpenReplica.At(_folder.File("shop.db"), _clock);
        var again = await NextTurnAsync(reopened);

        Assert.Equal(first!.Id, again!.Id);
        Assert.Equal(["hello", "5 oil"], again.Messages.Select(m => m.Text));
    }

    [Fact]
    public async Task When_the_owner_writes_the_chat_is_his_for_a_while()
    {
        await _capture.CaptureAsync([Message("1", "hello"), Message("2", "I am here", fromMe: true)], null,
            Cancel);

        Assert.True(
            await _db.ReadAsync(c => ChatBook.OwnerAnswers(c, "919800000001@c.us", _clock.GetUtcNow()), Cancel));
        _clock.Advance(Owner + TimeSpan.FromMinutes(1));
        Assert.False(
            await _db.ReadAsync(c => ChatBook.OwnerAnswers(c, "919800000001@c.us", _clock.GetUtcNow()), Cancel));
    }

    [Fact]
    public async Task A_phone_that_is_learned_late_fills_the_gap_and_a_lid_is_never_a_phone()
    {
        await _capture.CaptureAsync(
            [new WhatsAppMessage("a", "123456@lid", "", "", false, "chat", "hi", _clock.GetUtcNow())], null, Cancel);
        Assert.Equal("", await _db.ReadAsync(c => c.Scalar<string>("SELECT phone FROM customers"), Cancel));

        await _capture.CaptureAsync(
            [new WhatsAppMessage("b", "123456@lid", "919800000001", "Asha", false, "chat", "hi", _clock.GetUtcNow())],
            null, Cancel);

        Assert.Equal("919800000001 Asha",
            await _db.ReadAsync(c => c.Scalar<string>("SELECT phone || ' ' || name FROM customers"), Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        _folder.Dispose();
    }

    private Task<Turn?> NextTurnAsync(ReplicaDb db) =>
        Capturing.NextTurnAsync(db, "919800000001@c.us", _clock, Cancel);

    private async Task AnswerAsync()
    {
        var turn = await NextTurnAsync(_db);
        await _db.WriteAsync(
            c => { c.Execute("UPDATE turns SET state = 'done' WHERE id = $id", ("$id", turn!.Id.ToString())); },
            Cancel);
    }

    private Task<long> CountAsync(string table) =>
        _db.ReadAsync(c => c.Scalar<long>($"SELECT count(*) FROM {table}"), Cancel);

    private WhatsAppMessage Message(string id, string text, string chat = "919800000001@c.us", string type = "chat",
        bool fromMe = false) =>
        new($"{fromMe}_{chat}_{id}", chat, chat.Split('@')[0], "", fromMe, type, text, _clock.GetUtcNow());
}
