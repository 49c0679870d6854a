using Sak.Agent.Catalog;
using Sak.Agent.Chats;

namespace Sak.Agent.Orders;

/// <summary>Two customers turn out to be one person: orders and own prices move to the one that stays.</summary>
internal static class MoveOrders
{
    public static MoveCustomer By(TimeProvider clock) => (connection, from, to) =>
    {
        PriceRuleRows.Move(connection, from, to, clock);
        OrderBook.MoveCustomer(connection, from, to);
    };
}
