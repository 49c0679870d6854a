using System.Globalization;
using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Loops;
using Sak.Agent.Orders;
using Sak.Agent.WhatsApp;
using Sak.Sync.Model;

namespace Sak.Agent.Status;

/// <summary>Reads what the dashboard shows: one snapshot of the database.</summary>
internal static class StatusQuery
{
    public const int Rows = 200;

    public static TodayCounts Today(SqliteConnection connection, DateTimeOffset midnight, string currency)
    {
        long Count(string sql) => connection.Scalar<long>(sql, ("$from", midnight));
        return new TodayCounts(
            (int)Count("SELECT count(*) FROM messages WHERE from_me = 0 AND captured_at >= $from"),
            (int)Count(
                "SELECT (SELECT count(*) FROM messages INDEXED BY messages_waiting WHERE turn_id IS NULL AND from_me "
                    + "= 0) + (SELECT count(*) FROM turns t JOIN messages m ON m.turn_id = t.id WHERE t.state = "
                        + "'open' AND m.from_me = 0)"),
            (int)Count("SELECT count(*) FROM outbox WHERE state = 'sent' AND sent_at >= $from"),
            (int)Count("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"),
            (int)Count("SELECT count(*) FROM orders WHERE placed_at >= $from AND status <> 'cancelled'"),
            new Money(
                Count("SELECT coalesce(sum(gross), 0) FROM orders WHERE placed_at >= $from AND status <> 'cancelled'"),
                currency).ToString(),
            (int)Count("SELECT count(*) FROM ignored WHERE at >= $from"));
    }

    public static (int Unsynced, int Parked) Pending(SqliteConnection connection) =>
        ((int)connection.Scalar<long>("SELECT count(*) FROM change_log"),
            (int)connection.Scalar<long>("SELECT count(*) FROM refusals WHERE settled_at IS NULL AND kind = 'parked'"));

    public static List<OrderSummary> Orders(SqliteConnection connection) =>
        connection.List(
            """
            SELECT o.number, o.placed_at, CASE WHEN c.name <> '' THEN c.name ELSE '+' || c.phone END,
                   (SELECT group_concat(printf('%.9g',
                     l.asked_quantity / 1000.0) || ' ' || l.asked_unit || ' ' || l.name, ', ')
                     FROM (SELECT * FROM order_lines WHERE order_id = o.id ORDER BY position) l),
                   o.gross, o.currency, o.status, o.ver > 0
            FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.placed_at DESC, o.number DESC LIMIT $rows
            """,
            row => new OrderSummary(
                row.GetString(0), row.Time(1), row.GetString(2), row.IsDBNull(3) ? "" : row.GetString(3),
                new Money(row.GetInt64(4), row.GetString(5)).ToString(), row.GetString(6), row.GetBoolean(7)),
            ("$rows", Rows));

    public static List<ChatRow> Chats(SqliteConnection connection, DateTimeOffset now) =>
        connection.List(
            """
            SELECT c.name, c.phone, h.last_at,
                   coalesce((SELECT CASE WHEN m.text <> '' THEN m.text ELSE '[' || m.kind || ']' END FROM messages m
                     WHERE m.chat_id = h.id AND m.from_me = 0 ORDER BY m.sent_at DESC, m.id DESC LIMIT 1), ''),
                   coalesce((SELECT o.text FROM outbox o WHERE o.chat_id = h.id ORDER BY o.queued_at DESC LIMIT 1), ''),
                     h.basket,
                   (SELECT count(*) FROM messages m INDEXED BY messages_waiting
                     WHERE m.chat_id = h.id AND m.turn_id IS NULL AND m.from_me = 0)
                     + (SELECT count(*) FROM turns t JOIN messages m ON m.turn_id = t.id
                       WHERE t.chat_id = h.id AND t.state = 'open' AND m.from_me = 0),
                   h.owner_until > $now, h.stopped,
                   (SELECT o.state FROM outbox o WHERE o.chat_id = h.id ORDER BY o.queued_at DESC LIMIT 1),
                   h.id, h.draft, (SELECT count(*) FROM media f JOIN messages m ON m.id = f.message_id
                     WHERE m.chat_id = h.id AND m.type <> 'chat' AND f.state = 'kept'),
                   (SELECT o.ack FROM outbox o WHERE o.chat_id = h.id ORDER BY o.queued_at DESC LIMIT 1)
            FROM (SELECT * FROM chats ORDER BY last_at DESC LIMIT $rows) h JOIN customers c ON c.id = h.customer_id
              ORDER BY h.last_at DESC
            """,
            row => new ChatRow(row.GetString(0), row.GetString(1), row.Time(2), Start(row.GetString(3)),
                Start(row.GetString(4)),
                Open(row.GetString(5), row.GetBoolean(7), row.GetBoolean(8), row.GetInt64(11)), row.GetInt32(6))
            {
                ReplyState = row.IsDBNull(9) ? ReplyState.None : Of(row.State<OutboxState>(9), row.GetInt32(13)),
                Id = row.GetString(10), Draft = Drafts.Number(row.GetInt64(11)), Files = row.GetInt32(12),
                IsYours = row.GetBoolean(7),
            },
            ("$rows", Rows), ("$now", now));

    public static List<ProductSummary> Catalog(SqliteConnection connection) =>
        Products.Find(connection, "WHERE p.active = 1 ORDER BY p.sku LIMIT 2000",
            row =>
            {
                var product = Products.Read(row);
                return new ProductSummary(
                    product.Sku, product.Name, product.Price.ToString(), product.Unit,
                    string.Join(", ",
                        product.Packs.Select(
                            p => string.Create(CultureInfo.InvariantCulture, $"{p.Name} of {p.BaseUnits}"))),
                    product.OnHand is { } stock ? new Quantity(stock, product.Unit).Number : "");
            });

    public static List<WordRow> Words(SqliteConnection connection) =>
        connection.List(
            """
            SELECT c.id, CASE WHEN c.name <> '' THEN c.name ELSE '+' || c.phone
              END, w.key, w.value, coalesce(p.name, '')
            FROM (SELECT * FROM customers WHERE words NOT IN ('', '{}') AND json_valid(words) ORDER BY name, phone, id
              LIMIT $rows) c
            JOIN json_each(c.words) w LEFT JOIN products p ON p.sku = w.value AND p.active = 1
              ORDER BY c.name, c.phone, c.id, w.key
            """,
            row => new WordRow(row.Id(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)),
            ("$rows", Rows));

    public static List<Trouble> Troubles(SqliteConnection connection, DateTimeOffset since) =>
        connection.List(
            """
            SELECT at, what, next FROM troubles WHERE at >= $since
            UNION ALL
            SELECT at, 'The cloud did not take a row of ' || tbl || ': ' || reason, CASE WHEN tbl LIKE 'order%'
              THEN 'The order is safe on this PC.' ELSE 'The row stays on this PC as it is.'
              END || ' Correct it, or tell the operator of the server.' FROM refusals
              WHERE settled_at IS NULL AND kind = 'parked'
            UNION ALL
            SELECT at, 'Changed in two places: ' || substr(reason, 1, 300),
              'If the other value was right, set it again; sak-agent sync --conflicts shows both.' FROM refusals
              WHERE kind = 'conflict' AND at >= $since
            ORDER BY at DESC LIMIT 20
            """,
            row => new Trouble(row.Time(0), row.GetString(1), row.GetString(2)),
            ("$since", since));

    private static ReplyState Of(OutboxState state, int ack) => state switch
    {
        OutboxState.Queued or OutboxState.Sending => ReplyState.Waits,
        OutboxState.Sent when ack >= (int)WhatsAppAck.Read => ReplyState.Read,
        OutboxState.Sent when ack == (int)WhatsAppAck.Delivered => ReplyState.Delivered,
        OutboxState.Sent => ReplyState.Sent,
        _ => ReplyState.HeldBack,
    };

    private static string Start(string text) => text.Length <= 500 ? text : text[..500];

    private static string Open(string basket, bool isOwners, bool stopped, long draft)
    {
        var waits = stopped ? "wants no messages" : isOwners ? "you are in charge" : draft > 0 ? "" : Waits(basket);
        if (draft == 0) return waits;
        var words = Drafts.Words(ChatBook.ReadBasket(basket));
        return $"{(waits.Length > 0 ? waits + "; " : "")}draft {Drafts.Number(draft)}: {words}";
    }

    private static string Waits(string basket)
    {
        var awaiting = ChatBook.ReadBasket(basket).Awaiting;
        return awaiting switch
        {
            Awaiting.Nothing => "",
            Awaiting.Confirmation => "a yes to the order",
            _ => $"an answer: which {awaiting.Text()}",
        };
    }
}
