using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Agent.Chats;

/// <summary>Control of a chat: whether SAK or the owner answers, and whether the customer wants answers.</summary>
/// <param name="HasStopped">The customer wrote "stop", and no "start" since.</param>
/// <param name="OwnerUntil">The owner answers the chat until then.</param>
/// <param name="TakenAt">When the owner last took the chat with a key.</param>
/// <param name="ResumedAt">When the owner last gave the chat back.</param>
internal sealed record ChatControl(bool HasStopped, DateTimeOffset OwnerUntil, DateTimeOffset TakenAt,
    DateTimeOffset ResumedAt);

/// <summary>
/// The table of chats: their customer and address, who answers them, and the open basket. Runs inside
/// the caller's transaction.
/// </summary>
internal static class ChatBook
{
    private const string DraftNumbers = "drafts";

    public static bool Exists(SqliteConnection connection, string id) =>
        connection.Scalar<long>("SELECT count(*) FROM chats WHERE id = $id", ("$id", id)) == 1;

    public static void Open(SqliteConnection connection, string id, Guid customerId, string address,
        DateTimeOffset sentAt) =>
        connection.Execute(
            "INSERT INTO chats (id, customer_id, last_at, address) VALUES ($id, $customer, $sent, $address)",
            ("$id", id), ("$customer", customerId), ("$sent", sentAt), ("$address", address));

    /// <summary>Replies go to the name under which WhatsApp delivered the newest message.</summary>
    public static void NoteAddress(SqliteConnection connection, string id, string address, DateTimeOffset sentAt) =>
        connection.Execute(
            "UPDATE chats SET address = $address WHERE id = $id AND address <> $address AND last_at <= $sent",
            ("$id", id), ("$address", address), ("$sent", sentAt));

    public static void NoteMessage(SqliteConnection connection, string id, DateTimeOffset sentAt) =>
        connection.Execute("UPDATE chats SET last_at = max(last_at, $sent) WHERE id = $id",
            ("$id", id), ("$sent", sentAt));

    public static Guid CustomerOf(SqliteConnection connection, string id) =>
        Guid.Parse(connection.Scalar<string>("SELECT customer_id FROM chats WHERE id = $id", ("$id", id)));

    /// <summary>What to call the customer of a chat on screen.</summary>
    public static string CustomerName(SqliteConnection connection, string id) =>
        Exists(connection, id) ? Customers.Name(connection, CustomerOf(connection, id)) : "a customer";

    /// <summary>WhatsApp's name for the chat now.</summary>
    public static string Address(SqliteConnection connection, string id) =>
        connection.Scalar<string?>("SELECT address FROM chats WHERE id = $id", ("$id", id)) is { Length: > 0 } address
            ? address
            : id;

    public static ChatControl Control(SqliteConnection connection, string id) =>
        connection.List("SELECT stopped, owner_until, taken_at, resumed_at FROM chats WHERE id = $id",
            row => new ChatControl(row.GetBoolean(0), row.Time(1), row.Time(2), row.Time(3)), ("$id", id)).Single();

    /// <summary>True after the customer wrote "stop", until "start".</summary>
    public static bool HasStopped(SqliteConnection connection, string id) =>
        connection.Scalar<long>("SELECT stopped FROM chats WHERE id = $id", ("$id", id)) == 1;

    /// <summary>The customer wrote "stop": nothing more is sent.</summary>
    public static void Stop(SqliteConnection connection, string id) => SetStopped(connection, id, true);

    /// <summary>The customer wrote "start".</summary>
    public static void Start(SqliteConnection connection, string id) => SetStopped(connection, id, false);

    /// <summary>True while the owner answers this chat.</summary>
    public static bool OwnerAnswers(SqliteConnection connection, string id, DateTimeOffset now) =>
        connection.Scalar<long>("SELECT owner_until > $now FROM chats WHERE id = $id", ("$id", id), ("$now", now)) == 1;

    /// <summary>
    /// The owner wrote in the chat on the phone: SAK keeps reading and does not answer, unless the chat was given
    /// back after that.
    /// </summary>
    public static void OwnerWrote(SqliteConnection connection, string id, DateTimeOffset at, TimeSpan keeps) =>
        connection.Execute(
            "UPDATE chats SET owner_until = max(owner_until, $until) WHERE id = $id AND resumed_at < $at",
            ("$id", id), ("$until", at + keeps), ("$at", at));

    /// <summary>
    /// The owner takes the chat with a key. The moment is kept: replies that were queued before it are not sent.
    /// </summary>
    public static void Take(SqliteConnection connection, string id, DateTimeOffset now, TimeSpan keeps) =>
        connection.Execute("UPDATE chats SET owner_until = max(owner_until, $until), taken_at = $now WHERE id = $id",
            ("$id", id), ("$until", now + keeps), ("$now", now));

    /// <summary>
    /// SAK gives the chat to the owner for a while. <paramref name="until"/> is the latest time there can be, so no
    /// maximum is taken: an earlier one was the same length after an earlier moment.
    /// </summary>
    public static void GiveToOwner(SqliteConnection connection, string id, DateTimeOffset until) =>
        connection.Execute("UPDATE chats SET owner_until = $until WHERE id = $id", ("$id", id), ("$until", until));

    /// <summary>The owner gives the chat back to SAK.</summary>
    public static void GiveBack(SqliteConnection connection, string id, DateTimeOffset at) =>
        connection.Execute(
            "UPDATE chats SET owner_until = 0, taken_at = 0, resumed_at = max(resumed_at, $at) WHERE id = $id",
            ("$id", id), ("$at", at));

    public static BasketState Basket(SqliteConnection connection, string id) =>
        ReadBasket(connection.Scalar<string?>("SELECT basket FROM chats WHERE id = $id", ("$id", id)));

    /// <summary>A basket as the table stores it; nothing for an empty one.</summary>
    public static BasketState ReadBasket(string? text) => string.IsNullOrEmpty(text)
        ? BasketState.Empty
        : JsonSerializer.Deserialize<BasketState>(text, JsonSerializerOptions.Web)!;

    /// <summary>An empty basket loses its draft number.</summary>
    public static void SaveBasket(SqliteConnection connection, string id, BasketState basket) =>
        connection.Execute(
            "UPDATE chats SET basket = $basket, draft = CASE $basket WHEN '' THEN 0 ELSE draft END WHERE id = $id",
            ("$id", id),
            ("$basket", basket == BasketState.Empty
                ? ""
                : JsonSerializer.Serialize(basket, JsonSerializerOptions.Web)));

    /// <summary>Gives the basket a number, by which the owner decides on it; it has one until it is empty.</summary>
    public static void BeginDraft(SqliteConnection connection, string id)
    {
        if (connection.Scalar<long>("SELECT draft > 0 OR basket = '' FROM chats WHERE id = $id", ("$id", id)) == 1)
            return;
        SetDraft(connection, id, Counters.Next(connection, DraftNumbers));
    }

    /// <summary>Numbers of the drafts that wait for the owner.</summary>
    public static List<long> Drafts(SqliteConnection connection) =>
        connection.List("SELECT draft FROM chats WHERE draft > 0 ORDER BY draft", row => row.GetInt64(0));

    /// <summary>The chat whose basket has this number; null when there is none.</summary>
    public static string? WithDraft(SqliteConnection connection, long number) =>
        connection.Scalar<string?>("SELECT id FROM chats WHERE draft = $draft", ("$draft", number));

    public static void SetDraft(SqliteConnection connection, string id, long number) =>
        connection.Execute("UPDATE chats SET draft = $draft WHERE id = $id AND basket <> ''", ("$id", id),
            ("$draft", number));

    /// <summary>The draft number of the merged chat. Where both have one: that of the chat the owner is in.</summary>
    public static long DraftOfEither(SqliteConnection connection, string one, string preferred) =>
        connection.Scalar<long>(
            "SELECT draft FROM chats WHERE id IN ($one, $preferred) AND draft > 0 "
                + "ORDER BY owner_until DESC, id = $preferred DESC LIMIT 1",
            ("$one", one), ("$preferred", preferred));

    /// <summary>The same chat under another id and customer.</summary>
    public static void Copy(SqliteConnection connection, string from, string to, Guid customerId) =>
        connection.Execute(
            """
            INSERT INTO chats (id, customer_id, basket, owner_until, stopped, last_at, address, resumed_at, taken_at)
            SELECT $to, $customer, basket, owner_until, stopped, last_at, address, resumed_at, taken_at FROM chats
              WHERE id = $from
            """,
            ("$from", from), ("$to", to), ("$customer", customerId));

    /// <summary>One chat gets what the other one has: who may write in it, its address and its basket.</summary>
    public static void Join(SqliteConnection connection, string from, string to)
    {
        var (ours, theirs) = (Basket(connection, to), Basket(connection, from));
        var theirsIsNewer = LastAt(connection, from) > LastAt(connection, to);
        SaveBasket(connection, to, theirsIsNewer
            ? Sak.Sync.Answering.Basket.Join(theirs, ours)
            : Sak.Sync.Answering.Basket.Join(ours, theirs));
        connection.Execute(
            """
            UPDATE chats AS h SET
              owner_until = max(h.owner_until, l.owner_until), stopped = max(h.stopped, l.stopped),
              last_at = max(h.last_at, l.last_at), address = l.address,
              resumed_at = max(h.resumed_at, l.resumed_at), taken_at = max(h.taken_at, l.taken_at)
            FROM chats l WHERE h.id = $to AND l.id = $from
            """,
            ("$from", from), ("$to", to));
    }

    public static void MoveCustomer(SqliteConnection connection, Guid from, Guid to) =>
        connection.Execute("UPDATE chats SET customer_id = $to WHERE customer_id = $from",
            ("$from", from), ("$to", to));

    public static void Delete(SqliteConnection connection, string id) =>
        connection.Execute("DELETE FROM chats WHERE id = $id", ("$id", id));

    private static long LastAt(SqliteConnection connection, string id) =>
        connection.Scalar<long>("SELECT last_at FROM chats WHERE id = $id", ("$id", id));

    private static void SetStopped(SqliteConnection connection, string id, bool stopped) =>
        connection.Execute("UPDATE chats SET stopped = $stopped WHERE id = $id", ("$id", id), ("$stopped", stopped));
}
