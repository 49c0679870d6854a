using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Agent.Database;

namespace Sak.Agent.Orders;

internal static class Customers
{
    /// <summary>How the customer speaks: the language last used, and the customer's own words for products.</summary>
    public static (string Language, IReadOnlyDictionary<string, string> Words) Speech(SqliteConnection connection,
        Guid id) =>
        connection.List(
            "SELECT language, words FROM customers WHERE id = $id",
            row => (row.GetString(0),
                (IReadOnlyDictionary<string, string>)JsonSerializer.Deserialize<Dictionary<string, string>>(
                    row.GetString(1))!),
            ("$id", id)).Single();

    public static Guid IdOfChat(SqliteConnection connection, string chatId) =>
        Guid.Parse(connection.Scalar<string>("SELECT customer_id FROM chats WHERE id = $chat", ("$chat", chatId)));

    /// <summary>What to call the customer of a chat on screen.</summary>
    public static string OfChat(SqliteConnection connection, string chatId) =>
        connection.Scalar<string?>("SELECT customer_id FROM chats WHERE id = $chat", ("$chat", chatId)) is { } id
            ? Name(connection, Guid.Parse(id))
            : "a customer";

    /// <summary>What to call the customer on screen.</summary>
    public static string Name(SqliteConnection connection, Guid id) =>
        connection.Scalar<string>(
            "SELECT CASE WHEN name <> '' THEN name WHEN phone <> '' THEN '+' || phone ELSE 'A customer' END FROM "
                + "customers WHERE id = $id", ("$id", id));
}
