using Sak.Agent.Database;
using Sak.Agent.Orders;
using Sak.Agent.Status;

namespace Sak.Agent.Dashboard;

/// <summary>Actions of the keys on a customer's word; a change syncs like any other.</summary>
public sealed class WordKeys(ReplicaDb db)
{
    /// <returns>What was done, or why nothing was, in a sentence.</returns>
    public Task<string> ObeyAsync(WordRow word, Wish wish, CancellationToken cancel) => db.WriteAsync(
        connection => CustomerWords.Change(connection, word.CustomerId, word.Phrase,
            wish.Kind == WishKind.Correct ? wish.Words.Trim() : null).Says,
        cancel);
}
