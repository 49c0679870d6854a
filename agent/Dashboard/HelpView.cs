namespace Sak.Agent.Dashboard;

internal static class HelpView
{
    private static readonly (string Keys, string What)[] Keys =
    [
        ("1 2 3 4 5", "Orders, Chats, Catalog, Log, Words"),
        ("Tab  ← →", "next tab, tab before"),
        ("↑ ↓  PgUp PgDn", "scroll; Home and End jump"),
        ("/", "show only rows with a word; Enter keeps it, Esc shows all"),
        ("t  g  w", "Chats: take the chat over, give it back to SAK, write to the customer yourself"),
        ("c  e  x", "Chats: confirm, change, drop the draft that was agreed while you were in charge"),
        ("o", "Chats: open what the customer sent, the newest first"),
        ("x  e", "Words: forget what a customer calls a product, say which product is meant"),
        ("q  Ctrl-C", "close SAK; messages wait in WhatsApp until it runs again"),
        ("", ""),
        ("✓ sent", "the order is in the cloud too"),
        ("… here", "the order is safe on this PC and goes to the cloud when it can"),
        ("Waits for", "what SAK asked the customer last"),
        ("", "Any key closes this help."),
    ];

    public static IReadOnlyList<Part> Draw() =>
        [new Part(Line.Empty, 1),
            .. Keys.Select(k => new Part(new Line().Add("  " + k.Keys.PadRight(16), Ink.Key).Add(k.What), 1))];
}
