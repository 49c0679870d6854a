using Sak.Agent.Status;

namespace Sak.Agent.Dashboard;

internal static class ChatsView
{
    public const string None = "No chats yet. Customers who write to the shop's WhatsApp appear here.";

    public static IReadOnlyList<SheetColumn<ChatRow>> Columns(Times times) =>
    [
        new("Customer", c => c.Customer.Length > 0 ? c.Customer : c.Phone, Most: 22,
            Style: c => c.Unanswered > 0 ? Ink.Bold : Ink.Plain),
        new("Phone", c => c.Phone, Most: 15, From: 110),
        new("When", c => times.Short(c.LastAt), Most: 12),
        new("Wrote", c => c.LastText),
        new("SAK answered", c => c.LastReply, From: 90),
        new("Reply", c => Words(c.ReplyState), Most: 9, From: 130,
            Style: c => c.ReplyState == ReplyState.HeldBack ? Ink.Waiting : Ink.Plain),
        new("Waits for", c => c.Open, Most: 34, From: 75, Style: _ => Ink.Waiting),
        new("Open", c => c.Unanswered > 0 ? c.Unanswered.ToString() : "", Most: 5, Right: true,
            Style: _ => Ink.Waiting),
    ];

    private static string Words(ReplyState reply) => reply switch
    {
        ReplyState.Waits => "waits",
        ReplyState.Sent => "sent",
        ReplyState.Delivered => "delivered",
        ReplyState.Read => "read",
        ReplyState.HeldBack => "not sent",
        _ => "",
    };

    /// <summary>The keys that this chat offers now.</summary>
    public static IEnumerable<(string Key, string Does)> Keys(ChatRow chat)
    {
        yield return chat.IsYours ? ("g", "give back to SAK") : ("t", "take over");
        yield return ("w", "write");
        if (chat.Draft.Length > 0)
        {
            yield return ("c", $"confirm {chat.Draft}");
            yield return ("e", "change");
            yield return ("x", "drop");
        }

        if (chat.Files > 0) yield return ("o", "open files");
    }

    public static Line Ask(ChatRow chat, char key)
    {
        var what = chat.Draft.Length == 0 ? "There is no draft in this chat."
            : key == 'c' ? $"Press c again: {chat.Draft} of {chat.Customer} becomes an order and the customer is told."
            : $"Press x again: {chat.Draft} of {chat.Customer} is thrown away.";
        return new Line().Add(" " + ScreenText.Clean(what), Ink.Bold);
    }

    /// <summary>The text that is being typed; when it is longer than the screen, its end.</summary>
    public static Line Ask(Wish wish, string customer, int width)
    {
        const string Keys = "Enter confirms, Esc cancels ";
        var head = wish.Kind == WishKind.Write ? $" to {ScreenText.Clip(ScreenText.Clean(customer), 20)} " : " change ";
        var room = Math.Max(10, width - ScreenText.Cells(head) - Keys.Length - 3);
        return new Line().Add(head, Ink.Key).Add(ScreenText.ClipStart(ScreenText.Clean(wish.Words), room)).Add("▏")
            .AddRight(Keys, Ink.Dim);
    }

    public static IEnumerable<ChatRow> Rows(ShopStatus status) => status.Chats.OrderByDescending(c => c.LastAt);
}
