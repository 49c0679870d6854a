using Microsoft.Data.Sqlite;
using Sak.Agent.Chats;
using Sak.Agent.Sync;
using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>A turn with everything that is known before it is answered, from one snapshot of the database.</summary>
/// <param name="Request">What a replier is asked.</param>
/// <param name="CatalogIsAhead">This PC has products or prices that the cloud does not have yet.</param>
internal sealed record TurnQuestion(Turn Turn, Answerer Answerer, ProcessMessageRequest Request, bool CatalogIsAhead)
{
    public BasketState Basket => Request.Basket;

    public static TurnQuestion Read(SqliteConnection connection, Turn turn, TakingRules rules, DateTimeOffset now) =>
        new(turn, WhoAnswers.Decide(turn.Messages, FactsOf(connection, turn, now), now, rules.Turns.TooOld),
            Ask(connection, turn) with { QuantityMissing = rules.QuantityMissing },
            SyncQuery.CatalogIsAhead(connection));

    /// <summary>
    /// False when the turn is closed, its chat was merged into another one, or the owner has decided on the basket that
    /// was read: then the turn is read again.
    /// </summary>
    public bool IsCurrent(SqliteConnection connection) =>
        Turns.IsOpen(connection, Turn) && Drafts.AreSame(ChatBook.Basket(connection, Turn.ChatId), Basket);

    private static ChatFacts FactsOf(SqliteConnection connection, Turn turn, DateTimeOffset now)
    {
        var newest = turn.Messages.Select(m => m.SentAt).DefaultIfEmpty(now).Max();
        return new ChatFacts(ChatBook.HasStopped(connection, turn.ChatId),
            OtherPc.HasAnswered(connection, turn.ChatId, newest), ChatBook.OwnerAnswers(connection, turn.ChatId, now),
            Messages.OwnerWroteAfter(connection, turn.ChatId, newest));
    }

    private static ProcessMessageRequest Ask(SqliteConnection connection, Turn turn)
    {
        var customer = Customers.Get(connection, turn.CustomerId)!;
        var lastOrder = OrderBook.Latest(connection, turn.CustomerId)?.Lines.Select(AsBasketLine).ToList() ?? [];
        return new ProcessMessageRequest(
            Protocol.Version, turn.Id, turn.Messages, Turns.History(connection, turn, Protocol.MaxPastTurns),
            ChatBook.Basket(connection, turn.ChatId), lastOrder, customer.Language, customer.Words,
            SyncQuery.PriceVersion(connection))
            { Habits = OrderBook.Habits(connection, turn.CustomerId), CustomerId = turn.CustomerId };
    }

    private static BasketLine AsBasketLine(OrderLine line) =>
        new(line.Sku, line.AskedQuantity / 1000m, line.AskedUnit, line.Quantity, line.Words, line.MessageId);
}
