using System.Text.RegularExpressions;
using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using Sak.Sync.Reading.Written;
using Sak.Sync.Wire;

namespace Sak.Sync.Reading;

/// <summary>The products of the message that a message answers to.</summary>
internal static partial class QuotedLines
{
    public static List<Stretch> Of(TurnMessage message, IReadOnlySet<string> languages, Vocabulary vocabulary)
    {
        if (message.Quoted is not { Length: > 0 } quoted) return [];
        var shown = Shown(quoted);
        // The units that the shop writes are the catalog's.
        if (shown != quoted) languages = languages.Append("en").ToHashSet();
        var readable = ReadableText.Of(shown);
        var text = MessageText.Read(readable, message.Id, languages, vocabulary, Lexer.Read(readable));
        NotQuantities.Mark(text);
        return [.. new Cutter(text, vocabulary).Read().Where(s => s.Meaning.IsClear && s.HasName)];
    }

    /// <summary>"Send this", "the same as this", "yahi bhej do": the message names and counts nothing itself.</summary>
    public static bool AreMeant(List<Stretch> quoted, MessageText text, List<Stretch> stretches, Decision decision) =>
        decision.Purpose is Purpose.Order or Purpose.Reorder or Purpose.Other
        && stretches.TrueForAll(s => !s.HasName && s.Quantity is null)
        && decision.Muted is not null && !IsQuestion(quoted)
        && !text.Has(PhraseKind.Not, PhraseKind.Decline, PhraseKind.Past, PhraseKind.Thanks)
        && (decision.Purpose == Purpose.Reorder || text.Has(PhraseKind.Order) || IsThis(text, stretches));

    /// <summary>The lines that the quoted message counts, as the order that "the same as this" means.</summary>
    public static IReadOnlyList<BasketLine> Order(List<Stretch> quoted) =>
        IsQuestion(quoted) ? [] : [.. quoted.Select(Line).OfType<BasketLine>()];

    /// <summary>"Same as this but 3 tea": the quoted order, changed.</summary>
    public static bool IsChanged(MessageText text, Decision decision) => decision.Purpose == Purpose.Order
        && text.Tokens.Find(t => t.IsWord)?.Is(PhraseKind.Pronoun) == true
        && (text.Has(PhraseKind.Remove) || text.Tokens.Any(t => t.Is(PhraseKind.IfOrBut)));

    private static BasketLine? Line(Stretch quoted) =>
        quoted is { Product: { } product, Quantity: { } quantity }
            && Units.Of(product, quantity, quoted.Unit) is { } units
            && product.BaseQuantity(units.Quantity, units.Unit) is { } count
            ? new BasketLine(product.Sku, units.Quantity, units.Unit, count, quoted.Words, quoted.Text.MessageId)
            : null;

    // The packs of "how much (ctn of 12)?" are no order.
    private static bool IsQuestion(List<Stretch> quoted) =>
        quoted.Exists(q => q.Text.Tokens.Any(t => t.IsMark("?")));

    // "Yahi bhej do", and not "got it".
    private static bool IsThis(MessageText text, List<Stretch> stretches) =>
        stretches.TrueForAll(s => s.Names.Count == 0)
        && text.Tokens.Any(t => t.Is(PhraseKind.Pronoun) && t.Text != "it")
        && text.Tokens.Count(t => t.IsWord) <= 4;

    /// <summary>
    /// What is quoted counts other products or quantities than the basket: a yes to it is none to what was shown last.
    /// </summary>
    public static bool AreOthers(List<Stretch> quoted, Context context)
    {
        var counted = quoted.Where(q => q is { Quantity: not null, Product: not null }).ToList();
        return counted.Count > 0
            && (counted.Count != context.Basket.Lines.Count || counted.Exists(q => !IsAsInBasket(q, context)));
    }

    private static bool IsAsInBasket(Stretch quoted, Context context) =>
        Units.Of(quoted.Product!, quoted.Quantity!.Value, quoted.Unit) is { } units
            && context.Line(quoted.Product!.Sku)?.BaseQuantity
                == quoted.Product.BaseQuantity(units.Quantity, units.Unit);

    // A line that the shop wrote, "1. Oil 1 L: 5 ctn (60 bottle) = INR 870.00", as a customer would write it.
    private static string Shown(string quoted)
    {
        var lines = ShownLine().Matches(quoted).Select(m => $"{m.Groups["count"]} {m.Groups["name"]}").ToList();
        return lines.Count > 0 ? string.Join('\n', lines) : quoted;
    }

    [GeneratedRegex(@"^\d+\. (?<name>.+): (?<count>[^:(=]+?)(?: \([^)]*\))? = \p{L}{2,4} [\d,.]+\r?$",
        RegexOptions.Multiline)]
    private static partial Regex ShownLine();
}
