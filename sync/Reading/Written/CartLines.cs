using System.Text.RegularExpressions;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Written;

/// <summary>
/// A cart as web shops write it, a label a line: "Qty: 3" is the quantity of the product beside it, "Subtotal: 435.00"
/// and "Order ID: 88213" are nothing.
/// </summary>
internal static partial class CartLines
{
    public static void Read(MaskedText text)
    {
        text.BlankAll(Priced());
        foreach (var (start, line) in text.Lines()) ReadLine(text, start, line);
        JoinQuantities(text);
    }

    private static void ReadLine(MaskedText text, int start, string line)
    {
        if (Labelled().Match(line) is { Success: true } labelled) ReadValue(text, start, labelled);
        if (Numbered().Match(line) is { Success: true } numbered
            && Labels.Is(numbered.Groups["label"].Value, LabelKind.Reference)) text.Blank(start, line.Length);
        foreach (Match match in Counted().Matches(line)) MarkQuantity(text, start, match);
    }

    private static void ReadValue(MaskedText text, int start, Match line)
    {
        var (label, value) = (line.Groups["label"].Value, line.Groups["value"]);
        if (IsAmount(value.Value) && Labels.Is(label, LabelKind.Amount)) text.Blank(start, line.Length);
        if (!line.Groups["colon"].Success) return;
        if (Labels.Is(label, LabelKind.Item)) text.Blank(start, value.Index);
        else if (Labels.Is(label, LabelKind.Reference) && OneCode().IsMatch(value.Value))
            text.Blank(start, line.Length);
        else if (Labels.Is(label, LabelKind.Note))
            text.Blank(start, value.Index + (value.Value.AsSpan().IndexOfAny(',', ';', '\u060C') is var comma and >= 0
                ? comma
                : value.Length));
    }

    // "435.00", "Rs 580": figures, with no other word than a currency.
    private static bool IsAmount(string value) =>
        Digit().IsMatch(value)
            && Word().Matches(value)
                .All(w => Lexicon.Shared.SenseOf(Normal.Text(w.Value), PhraseKind.Money) is not null);

    // "Qty: 3" becomes "x 3", wherever it stands.
    private static void MarkQuantity(MaskedText text, int start, Match match)
    {
        var label = match.Groups["label"];
        var at = match.Groups["colon"].Success
            ? Labels.EndOf(label.Value, LabelKind.Quantity, LabelKind.UnitsColon)
            : Labels.EndOf(label.Value, LabelKind.Quantity);
        if (at < 0) return;
        var digits = start + match.Groups["digits"].Index;
        text.Blank(start + label.Index + at, digits - start - label.Index - at);
        text.Put(digits - 1, 'x');
    }

    // A line that is only "x 3" belongs to the product above it, or where that has its quantity to the one below.
    private static void JoinQuantities(MaskedText text)
    {
        var lines = text.Lines();
        var hasQuantity = true;
        var above = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            var (start, line) = lines[i];
            if (line.AsSpan().Trim().IsEmpty) continue;
            if (!OnlyQuantity().IsMatch(line)) hasQuantity = EndsWithQuantity().IsMatch(line);
            else
            {
                if (above >= 0 && !hasQuantity) Join(text, lines[above].Start + lines[above].Text.Length, start);
                else if (i + 1 < lines.Count) Join(text, start + line.Length, lines[i + 1].Start);
                hasQuantity = true;
            }

            above = i;
        }
    }

    private static void Join(MaskedText text, int from, int to)
    {
        for (var i = from; i < to; i++) text.Put(i, ' ');
    }

    [GeneratedRegex("""
        ^[ \t•·*-]*(?<label>[\p{L}\p{M}][\p{L}\p{M}\p{N} .\#/()º°-]{0,40}?)[ \t]*
        (?:(?<colon>[:：=])[ \t]*(?<value>.*)
          |[ \t](?<value>[^\p{L}\p{N}]{0,3}(?:\p{L}{1,8}\.?[ ]?)?[0-9][0-9.,]*(?:[ ]?\p{L}{1,8}\.?)?))$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Labelled();

    // "Order #1045", "Pedido Nº 1045", alone in its line.
    [GeneratedRegex("""
        ^[ \t]*(?<label>[\p{L}\p{M}][\p{L}\p{M} .]{0,30}?)[ \t]*(?:\#|n[º°o]\.?)[ \t]?[\p{L}\p{N}-]{1,20}[ \t]*$
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex Numbered();

    [GeneratedRegex("""
        (?<![\p{L}\p{M}\p{N}.])(?<label>[\p{L}\p{M}.]{1,20}(?:[ ][\p{L}\p{M}.]{1,20}){0,3})[ \t]*(?<colon>[:：=])?[ \t]*
        (?<![\p{L}\p{M}])(?<digits>[0-9]+)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Counted();

    [GeneratedRegex(@"^[#\p{L}]*[\p{N}-][\p{L}\p{N}/-]*[ \t]*$")]
    private static partial Regex OneCode();

    // "(145.00)", "= 435.00", "@ Rs 145.00": a figure in cents there prices something.
    [GeneratedRegex("""
        \([ ]?[^\p{L}\p{N}()]{0,2}(?:\p{L}{1,3}\.?[ ]?)?[0-9]+[.,][0-9]{2}[ ]?\)
        |(?<!\S)[=@][ ]?[^\p{L}\p{N}\n]{0,2}(?:\p{L}{1,3}\.?[ ]?)?[0-9]+[.,][0-9]{2}(?![0-9])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Priced();

    [GeneratedRegex("[0-9]")]
    private static partial Regex Digit();

    [GeneratedRegex(@"[\p{L}\p{M}]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[ \t•·*-]*x[ ]?[0-9]+(?:[.,][0-9]+)?[ \t]*\p{L}{0,12}[ \t]*$")]
    private static partial Regex OnlyQuantity();

    [GeneratedRegex(@"(?<![\p{L}\p{N}])x[ ]?[0-9]+[^0-9]*$")]
    private static partial Regex EndsWithQuantity();
}
