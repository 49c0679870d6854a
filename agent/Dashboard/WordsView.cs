using Sak.Agent.Status;

namespace Sak.Agent.Dashboard;

internal static class WordsView
{
    public const string None =
        "No words yet. What a customer calls a product is learned when SAK had to ask and the order was confirmed.";

    public static IReadOnlyList<SheetColumn<WordRow>> Columns { get; } =
    [
        new("Customer", w => w.Customer, Most: 24),
        new("Says", w => w.Phrase, Style: _ => Ink.Bold),
        new("Means", w => w.Sku, Most: 16),
        new("Product", w => w.Product.Length > 0 ? w.Product : "not for sale", From: 60,
            Style: w => w.Product.Length > 0 ? Ink.Plain : Ink.Bad),
    ];

    /// <summary>The keys for a word.</summary>
    public static IEnumerable<(string Key, string Does)> Keys { get; } = [("x", "forget"), ("e", "another product")];

    public static Line Ask(WordRow word) =>
        new Line()
            .Add(" "
                + ScreenText.Clean(
                    $"Press x again: \"{word.Phrase}\" of {word.Customer} is forgotten and asked the next time."),
                    Ink.Bold);
}
