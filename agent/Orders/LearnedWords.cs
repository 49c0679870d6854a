using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Model;
using Sak.Sync.Reading.Names;

namespace Sak.Agent.Orders;

/// <summary>
/// What a confirmed order teaches about a customer's words is kept with the customer, in the transaction of the order;
/// it syncs like any change.
/// </summary>
internal static class LearnedWords
{
    public static void Keep(SqliteConnection connection, Order? order, IReadOnlyList<BasketLine> lines,
        IReadOnlyDictionary<string, string> known)
    {
        if (order is null) return;
        var words = OwnWords.Learn(known, lines);
        if (ReferenceEquals(words, known)) return;
        connection.Execute("UPDATE customers SET words = $words WHERE id = $id",
            ("$words", JsonSerializer.Serialize(words, JsonSerializerOptions.Web)),
            ("$id", order.CustomerId));
    }
}
