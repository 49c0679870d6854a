namespace Sak.Agent.Dashboard;

internal static class ChatsView
{
    public const string None = "No chats yet. Customers who write to the shop's WhatsApp appear here.";

    public static IReadOnlyList<SheetColumn<ChatRow>> Columns(Times times) =>
    [
        new("Customer", c => c.Customer.Length > 0 ? c.Customer : c.Phone, Most: 22, Style: c => c.Unanswered > 0 ? Ink.Bold : Ink.Plain),
        new("Phone", c => c.Phone, Most: 15, From: 110),
        new("When", c => times.Short(c.LastAt), Most: 12),
        new("Wrote", c => c.LastText),
        new("SAK answered", c => c.LastReply, From: 90),
        new("Reply", c => c.ReplyState, Most: 9, From: 130, Style: c => c.ReplyState == "not sent" ? Ink.Waiting : Ink.Plain),
        new("Waits for", c => c.Open, Most: 16, From: 75, Style: _ => Ink.Waiting),
        new("Open", c => c.Unanswered > 0 ? c.Unanswered.ToString() : "", Most: 5, Right: true, Style: _ => Ink.Waiting),
    ];

    public static IEnumerable<ChatRow> Rows(ShopStatus status) => status.Chats.OrderByDescending(c => c.LastAt);
}
