using Microsoft.Data.Sqlite;
using Sak.Sync.Reading.Message;

namespace Sak.Agent.Chats;

/// <summary>
/// What another PC of the shop has answered is not answered again here, whichever of the message and the answer this
/// PC captures first.
/// </summary>
internal static class OtherPc
{
    public static readonly TurnEnd Answered = new(TurnState.Done, AnsweredBy.Elsewhere,
        "answered by another PC of this shop");

    public static bool HasAnswered(SqliteConnection connection, string chatId, DateTimeOffset newest) =>
        Messages.LastOfOtherPc(connection, chatId) >= newest;

    /// <summary>
    /// Closes the unread messages of the chat that are not newer than the other PC's latest answer. If one of them may
    /// be a "stop" or a "start", they are an open turn: this PC reads them, finds them answered, and has the customer's
    /// wish before it writes to the customer itself.
    /// </summary>
    public static void CloseAnswered(SqliteConnection connection, string chatId, TimeProvider clock)
    {
        if (Messages.LastOfOtherPc(connection, chatId) is not { } answeredAt) return;
        var ids = Messages.UnreadBetween(connection, chatId, DateTimeOffset.UnixEpoch,
            answeredAt + TimeSpan.FromMilliseconds(1), int.MaxValue);
        if (ids.Count == 0) return;
        var mayBeWish = Messages.Texts(connection, ids).Any(t => StopWords.IsStart(t) || StopWords.MayBeStop(t));
        if (mayBeWish) Turns.AddOpen(connection, chatId, Answered, ids, clock);
        else Turns.AddClosed(connection, chatId, clock.GetUtcNow(), Answered, ids, clock);
    }
}
