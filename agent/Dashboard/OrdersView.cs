using Sak.Agent.Status;

namespace Sak.Agent.Dashboard;

internal static class OrdersView
{
    public const string None = "No orders yet. They appear here when a customer says yes to an order.";

    public static IReadOnlyList<SheetColumn<OrderSummary>> Columns(Times times) =>
    [
        new("Order", o => o.Number, Most: 12, Style: _ => Ink.Bold),
        new("When", o => times.Short(o.PlacedAt), Most: 12),
        new("Customer", o => o.Customer, Most: 24),
        new("What", o => o.Lines, From: 75),
        new("Total", o => o.Total, Most: 18, Right: true),
        new("Status", o => o.Status, Most: 10, From: 90, Style: o => o.Status == "cancelled" ? Ink.Bad : Ink.Plain),
        new("Cloud", o => o.Synced ? "✓ sent" : "… here", Most: 6, From: 60,
            Style: o => o.Synced ? Ink.Good : Ink.Waiting),
    ];

    public static IEnumerable<OrderSummary> Rows(ShopStatus status) => status.Orders.OrderByDescending(o => o.PlacedAt);
}
