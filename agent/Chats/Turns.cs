using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Agent.Chats;

/// <summary>A turn: the messages of one customer that are answered together.</summary>
public sealed record Turn(Guid Id, string ChatId, Guid CustomerId, IReadOnlyList<TurnMessage> Messages);

/// <summary>Done: answered. Owner: left to the owner.</summary>
internal enum TurnState { Open, Done, Owner }

/// <summary>Elsewhere: another PC of the shop.</summary>
internal enum AnsweredBy { Model, Reader, Owner, Elsewhere }

/// <summary>The unread messages of one chat.</summary>
/// <param name="Address">WhatsApp's name for the chat.</param>
/// <param name="ExpectsWords">Voice notes that are not transcribed yet.</param>
/// <param name="ExpectsProducts">Baskets whose products are not fetched yet.</param>
internal sealed record UnreadMessages(string ChatId, string Address, DateTimeOffset LastCaptured, bool ExpectsWords,
    bool ExpectsProducts = false);

/// <summary>A chat with something to answer.</summary>
/// <param name="ReadableSince">When its last message could be read; a turn begins a quiet moment later.</param>
internal sealed record UnreadChat(string ChatId, string Address, DateTimeOffset ReadableSince);

/// <summary>How a turn ended.</summary>
/// <param name="Note">An order's number, or why nobody was answered.</param>
internal sealed record TurnEnd(TurnState State, AnsweredBy By, string Note = "");

/// <summary>The table of turns. Runs inside the caller's transaction.</summary>
internal static class Turns
{
    private const int MostMessages = 100;
    private static readonly TimeSpan TranscriptPatience = TimeSpan.FromMinutes(1);

    /// <summary>Which chats have something to answer, and since when it can be read.</summary>
    /// <param name="transcribes">Voice notes become words: their turn waits for them, up to a minute.</param>
    public static List<UnreadChat> Due(SqliteConnection connection, bool transcribes) =>
        Due(Messages.Unread(connection), OpenChats(connection), transcribes);

    /// <summary>One entry a chat, the longest waiting first. A turn that is open already need not wait.</summary>
    internal static List<UnreadChat> Due(IEnumerable<UnreadMessages> unread, IEnumerable<UnreadChat> open,
        bool transcribes) =>
        [.. unread.Select(m => new UnreadChat(m.ChatId, m.Address, ReadableAt(m, transcribes))).Concat(open)
            .GroupBy(c => c.ChatId)
            .Select(chat => chat.MaxBy(c => c.ReadableSince)!)
            .OrderBy(c => c.ReadableSince)];

    /// <summary>
    /// The turn to answer next in this chat: one that was open before (the program died over it) or a new one of all
    /// unread messages, its identity stored before it is used. Null when everything is read.
    /// </summary>
    /// <param name="tooOld">Older messages are a turn of their own (for the owner), so that newer ones still
    /// get their answer.</param>
    public static Turn? Next(SqliteConnection connection, string chatId, TimeSpan? tooOld, TimeProvider clock) =>
        (OldestOpen(connection, chatId) ?? Start(connection, chatId, tooOld, clock)) is { } id
            ? new Turn(id, chatId, ChatBook.CustomerOf(connection, chatId),
                Messages.OfTurn(connection, id, Protocol.MaxMessageText))
            : null;

    /// <summary>False when it is closed, or its chat has become another one (a phone was learned).</summary>
    public static bool IsOpen(SqliteConnection connection, Turn turn) =>
        connection.Scalar<long>("SELECT count(*) FROM turns WHERE id = $id AND state = 'open' AND chat_id = $chat",
            ("$id", turn.Id), ("$chat", turn.ChatId)) == 1;

    public static void Close(SqliteConnection connection, Turn turn, TurnEnd end, DateTimeOffset now) =>
        connection.Execute(
            "UPDATE turns SET state = $state, closed_at = $now, replied_by = $by, note = $note WHERE id = $id",
            ("$state", end.State), ("$now", now), ("$by", end.By), ("$note", end.Note), ("$id", turn.Id));

    /// <summary>A decision of the owner is a turn of its own: it makes one order at most, as every turn does.</summary>
    public static Turn OfOwner(SqliteConnection connection, string chatId, Guid customerId, TimeProvider clock)
    {
        var id = AddClosed(connection, chatId, clock.GetUtcNow(), new TurnEnd(TurnState.Owner, AnsweredBy.Owner), [],
            clock);
        return new Turn(id, chatId, customerId, []);
    }

    /// <summary>Messages that nobody on this PC answers, as a turn that is closed already.</summary>
    public static Guid AddClosed(SqliteConnection connection, string chatId, DateTimeOffset openedAt, TurnEnd end,
        IEnumerable<string> messageIds, TimeProvider clock) =>
        Add(connection, chatId, openedAt, end, clock.GetUtcNow(), messageIds, clock);

    /// <summary>
    /// Messages that another PC has answered, as an open turn: something in them must still be read here.
    /// </summary>
    public static Guid AddOpen(SqliteConnection connection, string chatId, TurnEnd answered,
        IEnumerable<string> messageIds, TimeProvider clock) =>
        Add(connection, chatId, clock.GetUtcNow(), answered with { State = TurnState.Open }, null, messageIds, clock);

    /// <summary>The owner's turn made this order.</summary>
    public static void Note(SqliteConnection connection, Turn turn, string note) =>
        connection.Execute("UPDATE turns SET note = $note WHERE id = $id", ("$note", note), ("$id", turn.Id));

    /// <summary>What was said before a turn, the oldest first, for the model.</summary>
    public static List<PastTurn> History(SqliteConnection connection, Turn before, int turns)
    {
        var past = connection.List(
            """
            SELECT (SELECT group_concat(text, char(10))
              FROM (SELECT text FROM messages WHERE turn_id = t.id ORDER BY sent_at, id)), coalesce(o.text, '')
            FROM turns t LEFT JOIN outbox o ON o.turn_id = t.id WHERE t.chat_id = $chat AND t.id <> $turn
              ORDER BY t.opened_at DESC LIMIT $turns
            """,
            row => new PastTurn(Messages.Cut(row.IsDBNull(0) ? "" : row.GetString(0), Protocol.MaxPastText),
                Messages.Cut(row.GetString(1), Protocol.MaxPastText)),
            ("$chat", before.ChatId), ("$turn", before.Id), ("$turns", turns));
        past.Reverse();
        return past;
    }

    public static TurnState StateOf(SqliteConnection connection, Guid id) =>
        connection.List("SELECT state FROM turns WHERE id = $id", row => row.State<TurnState>(0), ("$id", id))
            .Single();

    public static void MoveChat(SqliteConnection connection, string from, string to) =>
        connection.Execute("UPDATE turns SET chat_id = $to WHERE chat_id = $from", ("$from", from), ("$to", to));

    // The chats that have an open turn.
    private static List<UnreadChat> OpenChats(SqliteConnection connection) =>
        connection.List(
            "SELECT DISTINCT t.chat_id, c.address FROM turns t INDEXED BY turns_open "
                + "CROSS JOIN chats c ON c.id = t.chat_id WHERE t.state = 'open'",
            row => new UnreadChat(row.GetString(0), row.GetString(1), DateTimeOffset.UnixEpoch));

    private static DateTimeOffset ReadableAt(UnreadMessages messages, bool transcribes) =>
        (messages.ExpectsWords && transcribes) || messages.ExpectsProducts
            ? messages.LastCaptured + TranscriptPatience
            : messages.LastCaptured;

    private static Guid? OldestOpen(SqliteConnection connection, string chatId) =>
        connection.Scalar<string?>(
            "SELECT id FROM turns WHERE chat_id = $chat AND state = 'open' ORDER BY opened_at LIMIT 1",
            ("$chat", chatId)) is { } id ? Guid.Parse(id) : null;

    private static Guid? Start(SqliteConnection connection, string chatId, TimeSpan? tooOld, TimeProvider clock)
    {
        if (Messages.OldestUnread(connection, chatId) is not { } oldest) return null;
        // In whole milliseconds, as the times of messages are stored.
        var border = DateTimeOffset.FromUnixTimeMilliseconds(
            tooOld is { } age ? (clock.GetUtcNow() - age).ToUnixTimeMilliseconds() : 0);
        var messages = oldest < border
            ? Messages.UnreadBetween(connection, chatId, DateTimeOffset.UnixEpoch, border, int.MaxValue)
            : Messages.UnreadBetween(connection, chatId, border, DateTimeOffset.MaxValue, MostMessages);
        return Add(connection, chatId, clock.GetUtcNow(), null, null, messages, clock);
    }

    private static Guid Add(SqliteConnection connection, string chatId, DateTimeOffset openedAt, TurnEnd? end,
        DateTimeOffset? closedAt, IEnumerable<string> messageIds, TimeProvider clock)
    {
        var id = Ids.New(clock);
        connection.Execute(
            "INSERT INTO turns (id, chat_id, state, opened_at, closed_at, replied_by, note) "
                + "VALUES ($id, $chat, $state, $opened, $closed, coalesce($by, ''), $note)",
            ("$id", id), ("$chat", chatId), ("$state", end?.State ?? TurnState.Open), ("$opened", openedAt),
            ("$closed", closedAt), ("$by", end?.By), ("$note", end?.Note ?? ""));
        Messages.PutIntoTurn(connection, id, messageIds);
        return id;
    }
}
