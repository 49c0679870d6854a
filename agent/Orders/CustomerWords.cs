using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Commands;
using Sak.Agent.Database;
using Sak.Sync.Reading.Names;

namespace Sak.Agent.Orders;

/// <summary>
/// The customers' own words for products, for the owner: to see, to correct, to take away. A change syncs like any
/// other.
/// </summary>
internal static class CustomerWords
{
    public sealed record Known(Guid Id, string Name, string Phone, IReadOnlyDictionary<string, string> Words);

    /// <summary>Every customer who has words of his own.</summary>
    public static List<Known> All(SqliteConnection connection) =>
        connection.List(
            "SELECT id, name, phone, words FROM customers WHERE words NOT IN ('', '{}') ORDER BY name, phone", Read);

    /// <summary>
    /// By phone (digits, with or without +) or by name; null when none or more than one answers to it.
    /// </summary>
    public static Known? Find(SqliteConnection connection, string customer)
    {
        var digits = string.Concat(customer.Where(char.IsAsciiDigit));
        var found = connection.List(
            "SELECT id, name, phone, words FROM customers WHERE ($digits <> '' AND phone = $digits) OR name = $name "
                + "LIMIT 2", Read, ("$digits", digits), ("$name", customer.Trim()));
        return found is [var one] ? one : null;
    }

    /// <summary>
    /// From now on the phrase means this product; null takes the phrase away. False when nothing changed.
    /// </summary>
    public static bool Set(SqliteConnection connection, Known customer, string phrase, string? sku)
    {
        var words = new Dictionary<string, string>(customer.Words);
        var key = OwnWords.Key(phrase);
        if (sku is null ? !words.Remove(key) : words.GetValueOrDefault(key) == sku) return false;
        if (sku is not null) words[key] = sku;
        connection.Execute("UPDATE customers SET words = $words WHERE id = $id",
            ("$words", JsonSerializer.Serialize(words, JsonSerializerOptions.Web)), ("$id", customer.Id));
        return true;
    }

    /// <summary>
    /// What was done, in a sentence. Throws <see cref="CommandException"/> for a customer, phrase or product that is
    /// not there.
    /// </summary>
    public static string Change(SqliteConnection connection, string customer, string phrase, string? sku)
    {
        if (Find(connection, customer) is not { } known)
            throw new CommandException(
                $"No one customer is \"{customer}\". Give the phone number as WhatsApp shows it; \"words list\" shows "
                    + $"those who have words.");
        return Change(connection, known, phrase, sku);
    }

    /// <inheritdoc cref="Change(SqliteConnection, string, string, string?)"/>
    public static string Change(SqliteConnection connection, Guid customer, string phrase, string? sku) =>
        connection.List("SELECT id, name, phone, words FROM customers WHERE id = $id", Read,
            ("$id", customer)) is [var known]
            ? Change(connection, known, phrase, sku)
            : throw new CommandException("That customer is not there any more.");

    private static string Change(SqliteConnection connection, Known known, string phrase, string? sku)
    {
        if (sku is not null && Products.BySku(connection, [sku]).Count == 0)
            throw new CommandException($"There is no product {sku} for sale. \"catalog list\" shows them.");
        // A number alone or nothing at all is no name: it would never be found in a message.
        if (sku is not null && !OwnWords.Key(phrase).Any(char.IsLetter))
            throw new CommandException(
                $"\"{phrase}\" names nothing. Give a word as the customer writes it, for example \"soap\".");
        if (Set(connection, known, phrase, sku))
            return sku is null ? $"\"{phrase}\" is forgotten." : $"\"{phrase}\" means {sku} from now on.";
        return sku is null
            ? throw new CommandException($"That customer has no word \"{phrase}\". \"words list\" shows what there is.")
            : $"\"{phrase}\" means {sku} already.";
    }

    private static Known Read(SqliteDataReader row) => new(
        row.Id(0), row.GetString(1), row.GetString(2),
        row.GetString(3).Length == 0
            ? new Dictionary<string, string>()
            : JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(3))!);
}
