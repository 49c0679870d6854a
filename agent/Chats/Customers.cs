using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Agent.Database;

namespace Sak.Agent.Chats;

/// <summary>A customer with the customer's own words for products: phrase → SKU.</summary>
internal sealed record KnownCustomer(Guid Id, string Name, string Phone, string Language,
    IReadOnlyDictionary<string, string> Words);

/// <summary>
/// The table of customers. Runs inside the caller's transaction; every change syncs to the cloud like any other row.
/// </summary>
internal static class Customers
{
    private const string Columns = "id, name, phone, language, words";

    public static KnownCustomer? Get(SqliteConnection connection, Guid id) =>
        connection.List($"SELECT {Columns} FROM customers WHERE id = $id", Read, ("$id", id)).SingleOrDefault();

    /// <summary>The customer whom the cloud or this PC knows under WhatsApp's id of the chat.</summary>
    public static Guid? OfChat(SqliteConnection connection, string chatId) =>
        connection.Scalar<string?>("SELECT id FROM customers WHERE chat_id = $chat", ("$chat", chatId)) is { } id
            ? Guid.Parse(id)
            : null;

    /// <summary>
    /// By phone (digits, with or without +) or by name; null when none or more than one answers to it.
    /// </summary>
    public static KnownCustomer? Find(SqliteConnection connection, string customer)
    {
        var digits = string.Concat(customer.Where(char.IsAsciiDigit));
        var found = connection.List(
            $"SELECT {Columns} FROM customers WHERE ($digits <> '' AND phone = $digits) OR name = $name LIMIT 2",
            Read, ("$digits", digits), ("$name", customer.Trim()));
        return found is [var one] ? one : null;
    }

    /// <summary>Every customer who has own words for products.</summary>
    public static List<KnownCustomer> WithWords(SqliteConnection connection) =>
        connection.List(
            $"SELECT {Columns} FROM customers WHERE words NOT IN ('', '{{}}') ORDER BY name, phone", Read);

    /// <summary>What to call the customer on screen.</summary>
    public static string Name(SqliteConnection connection, Guid id) => Get(connection, id) switch
    {
        { Name.Length: > 0 } customer => customer.Name,
        { Phone.Length: > 0 } customer => "+" + customer.Phone,
        _ => "A customer",
    };

    public static void Add(SqliteConnection connection, Guid id, string chatId, string phone, string name) =>
        connection.Execute(
            "INSERT INTO customers (id, phone, chat_id, name, language, words) "
                + "VALUES ($id, $phone, $chat, $name, '', '{}')",
            ("$id", id), ("$phone", phone), ("$chat", chatId), ("$name", name));

    /// <summary>
    /// WhatsApp gives names and phones late: they fill what is empty and never replace what the shop knows.
    /// </summary>
    public static void FillGaps(SqliteConnection connection, Guid id, string phone, string name) =>
        connection.Execute(
            """
            UPDATE customers SET phone = CASE phone WHEN '' THEN $phone ELSE phone END,
              name = CASE name WHEN '' THEN $name ELSE name END
            WHERE id = $id AND ((phone = '' AND $phone <> '') OR (name = '' AND $name <> ''))
            """,
            ("$id", id), ("$phone", phone), ("$name", name));

    /// <summary>The phone of a customer whom WhatsApp hid so far.</summary>
    public static void LearnPhone(SqliteConnection connection, Guid id, string chatId, string phone) =>
        connection.Execute("UPDATE customers SET chat_id = $chat, phone = $phone WHERE id = $id AND chat_id <> $chat",
            ("$id", id), ("$chat", chatId), ("$phone", phone));

    public static void SetLanguage(SqliteConnection connection, Guid id, string language) =>
        connection.Execute("UPDATE customers SET language = $language WHERE id = $id AND language <> $language",
            ("$id", id), ("$language", language));

    public static void SetWords(SqliteConnection connection, Guid id, IReadOnlyDictionary<string, string> words) =>
        connection.Execute("UPDATE customers SET words = $words WHERE id = $id AND words <> $words",
            ("$id", id), ("$words", JsonSerializer.Serialize(words, JsonSerializerOptions.Web)));

    /// <summary>
    /// One customer gets the name, language and words of another where it has none, and the other one goes. Rows of
    /// other tables must have moved before.
    /// </summary>
    public static void Merge(SqliteConnection connection, Guid from, Guid to)
    {
        if (Get(connection, from) is not { } gone || Get(connection, to) is not { } kept) return;
        FillGaps(connection, to, "", gone.Name);
        if (kept.Language.Length == 0) SetLanguage(connection, to, gone.Language);
        var words = new Dictionary<string, string>(gone.Words);
        foreach (var (phrase, sku) in kept.Words) words[phrase] = sku;
        SetWords(connection, to, words);
        connection.Execute("DELETE FROM customers WHERE id = $id", ("$id", from));
    }

    private static KnownCustomer Read(SqliteDataReader row) => new(
        row.Id(0), row.GetString(1), row.GetString(2), row.GetString(3),
        row.GetString(4).Length == 0
            ? new Dictionary<string, string>()
            : JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(4))!);
}
