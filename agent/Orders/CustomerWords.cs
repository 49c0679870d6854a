using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Sync.Model;
using Sak.Sync.Reading.Names;

namespace Sak.Agent.Orders;

/// <summary>
/// The customers' own words for products: a confirmed order teaches them, the owner corrects them or takes them away.
/// </summary>
internal static class CustomerWords
{
    /// <summary>Learns from a confirmed order, in the transaction that places it.</summary>
    /// <param name="lines">The basket that the order was made of: it knows what SAK had to ask.</param>
    public static void Learn(SqliteConnection connection, Order order, IReadOnlyList<BasketLine> lines,
        IReadOnlyDictionary<string, string> known)
    {
        var words = OwnWords.Learn(known, lines);
        if (!ReferenceEquals(words, known)) Customers.SetWords(connection, order.CustomerId, words);
    }

    /// <summary>
    /// From now on the customer's phrase means this product; a null <paramref name="sku"/> takes the phrase away.
    /// </summary>
    /// <param name="customer">A phone number or a name.</param>
    public static DeskAnswer Change(SqliteConnection connection, string customer, string phrase, string? sku) =>
        Customers.Find(connection, customer) is { } known
            ? Change(connection, known, phrase, sku)
            : new DeskAnswer(false,
                $"No one customer is \"{customer}\". Give the phone number as WhatsApp shows it; \"words list\" shows "
                    + "those who have words.");

    /// <inheritdoc cref="Change(SqliteConnection, string, string, string?)"/>
    public static DeskAnswer Change(SqliteConnection connection, Guid customer, string phrase, string? sku) =>
        Customers.Get(connection, customer) is { } known
            ? Change(connection, known, phrase, sku)
            : new DeskAnswer(false, "That customer is not there any more.");

    private static DeskAnswer Change(SqliteConnection connection, KnownCustomer customer, string phrase, string? sku)
    {
        if (sku is not null && Products.BySku(connection, [sku]).Count == 0)
            return new DeskAnswer(false, $"There is no product {sku} for sale. \"catalog list\" shows them.");
        // A number alone or nothing at all is no name: it would never be found in a message.
        if (sku is not null && !OwnWords.Key(phrase).Any(char.IsLetter))
            return new DeskAnswer(false,
                $"\"{phrase}\" names nothing. Give a word as the customer writes it, for example \"soap\".");
        if (Set(connection, customer, OwnWords.Key(phrase), sku))
            return new DeskAnswer(true,
                sku is null ? $"\"{phrase}\" is forgotten." : $"\"{phrase}\" means {sku} from now on.");
        return sku is null
            ? new DeskAnswer(false, $"That customer has no word \"{phrase}\". \"words list\" shows what there is.")
            : new DeskAnswer(true, $"\"{phrase}\" means {sku} already.");
    }

    /// <returns>False when nothing changed.</returns>
    private static bool Set(SqliteConnection connection, KnownCustomer customer, string key, string? sku)
    {
        var words = new Dictionary<string, string>(customer.Words);
        if (sku is null ? !words.Remove(key) : words.GetValueOrDefault(key) == sku) return false;
        if (sku is not null) words[key] = sku;
        Customers.SetWords(connection, customer.Id, words);
        return true;
    }
}
