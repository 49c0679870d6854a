using System.Text.RegularExpressions;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Written;

/// <summary>
/// What the customer says, without what WhatsApp, a copied chat or a web shop wrote around it: struck-out words, marks
/// of bold and lists, message headers, links, places, dates. What is taken away becomes spaces, so that every other
/// letter keeps its place in the message.
/// </summary>
internal static partial class ReadableText
{
    public static string Of(string text)
    {
        var masked = MaskedText.WithPlainDigits(text);
        // "~10 oil~ 6 oil" takes the ten back; other programs draw a line through each letter.
        masked.BlankAll(StruckLetters());
        masked.BlankAll(Struck());
        masked.BlankAll(CodeMarks());
        BlankEnds(masked, Bold());
        BlankEnds(masked, Italic());
        masked.BlankAll(QuoteMarks());
        masked.BlankAll(ChatHeaders());
        masked.BlankAll(Addresses());
        // Most messages have no point in them, and these two patterns look long.
        if (text.AsSpan().IndexOfAny(".°+") >= 0)
        {
            masked.BlankAll(Links());
            masked.BlankAll(Places());
        }

        masked.BlankAll(Accounts());
        Streets(masked);
        Dates.Blank(masked);
        ListMarks.Blank(masked);
        CartLines.Read(masked);
        return masked.Text;
    }

    // The words between the marks stay.
    private static void BlankEnds(MaskedText text, Regex pattern)
    {
        foreach (Match match in pattern.Matches(text.Text))
        {
            text.Blank(match.Groups["from"]);
            text.Blank(match.Groups["to"]);
        }
    }

    // "Calle Mayor 5": the street's name is a word that the language does not know, and its number counts nothing.
    private static void Streets(MaskedText text)
    {
        var written = text.Text;
        for (var match = Street().Match(written); match.Success;)
        {
            var street = match.Groups["street"];
            var isStreet = Labels.Is(street.Value, LabelKind.Street)
                && match.Groups["name"].Captures.All(n => !Counts(Normal.Text(n.Value)));
            if (isStreet && !CountsNext(written, match)) text.Blank(match);
            // "aceite calle Mayor 5": the street may begin with the next word.
            match = Street().Match(written, isStreet ? match.Index + match.Length : street.Index + street.Length);
        }
    }

    // "شارع التحلية 3 زيت": the only number of the line, before another word, is no house's.
    private static bool CountsNext(string written, Match street)
    {
        var (start, end) = (written.LastIndexOf('\n', street.Index) + 1, street.Index + street.Length);
        var stop = written.IndexOf('\n', end) is var line and >= 0 ? line : written.Length;
        var rest = written.AsSpan(end, stop - end).TrimStart(' ');
        return rest.Length > 0 && char.IsLetter(rest[0]) && !rest.ContainsAnyInRange('0', '9')
            && !written.AsSpan(start, street.Index - start).ContainsAnyInRange('0', '9');
    }

    private static bool Counts(string word) => Lexicon.Shared.SenseOf(word, PhraseKind.Unit) is not null
        || Lexicon.Shared.SenseOf(word, PhraseKind.Number) is not null
        || Lexicon.Shared.SenseOf(word, PhraseKind.Order) is not null;

    // As WhatsApp reads them: a mark stands outside a word, and next to what it marks. "~5 oil" alone is about five.
    [GeneratedRegex("""
        (?<![\p{L}\p{M}\p{N}~])~{1,2}(?=[^\s~])[^~\n]*?(?<=[^\s~])~{1,2}(?![\p{L}\p{N}~])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Struck();

    [GeneratedRegex(@"(?:[^\n][\u0335-\u0338])+(?: +(?:[^\n][\u0335-\u0338])+)*")]
    private static partial Regex StruckLetters();

    [GeneratedRegex("`+")]
    private static partial Regex CodeMarks();

    [GeneratedRegex("""
        (?<![\p{L}\p{M}\p{N}*])(?<from>\*{1,3})(?=[^\s*])[^*\n]*?(?<=[^\s*])(?<to>\*{1,3})(?![\p{L}\p{N}*])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Bold();

    [GeneratedRegex("""
        (?<![\p{L}\p{M}\p{N}_])(?<from>_{1,2})(?=[^\s_])[^_\n]*?(?<=[^\s_])(?<to>_{1,2})(?![\p{L}\p{N}_])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Italic();

    [GeneratedRegex(@"^[ \t]*>+(?=[ \t]*\S)", RegexOptions.Multiline)]
    private static partial Regex QuoteMarks();

    // "[10:32, 12/11/2026] Meera: " and "12/11/26, 10:32 pm - Meera: ", as WhatsApp writes what is copied or exported.
    [GeneratedRegex("""
        ^[ \t\u00A0\u200E\u200F\u202A-\u202E]*
        (?:\[(?=[^\]\n]*[0-9]{1,2}[:.][0-9]{2})(?=[^\]\n]*[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4})[^\]\n]{8,45}\]
          |[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}[,\u060C]?[ \t\u00A0\u202F]*
           [0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?[ \t\u00A0\u202F]*(?:[ap]\.?[ \u00A0]?m\.?|[صم])?
           [ \t]*[-\u2013\u2014])
        (?:[ \t\u200E\u200F~]*[^:\n]{1,40}:(?=\s|$))?
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ChatHeaders();

    // Mail addresses and accounts of payment: name@bank.
    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}._+-]{0,63}@[\p{L}\p{N}][\p{L}\p{N}.-]*")]
    private static partial Regex Addresses();

    // A link without http, with what a line's end still has of it ("maps.app.goo.gl/Xy9 3"). One with http is a sign of
    // advertisement, so it is left to the words.
    [GeneratedRegex("""
        (?<=https?://\S{3,200})[ ][0-9]{1,4}(?=[ \t]*$)
        |(?<![\p{L}\p{N}@./:-])(?:[a-z0-9-]{1,40}\.){1,4}
         (?:[a-z]{2,20}/[^\s,;]*(?:[ ][0-9]{1,4}(?=[ \t]*$))?
           |(?:com|net|org|shop|store|app)(?:\.[a-z]{2})?(?![\p{L}\p{N}]))
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Links();

    // "24.7136, 46.6753", "24°42'49.0"N" and plus codes ("7JVW52GR+2V"), with the words that announce them.
    [GeneratedRegex("""
        (?:(?<![\p{L}\p{N}])[\p{L}\p{M}]+(?:[ ][\p{L}\p{M}]+){0,3}[ ]?[:：][ ]?)?
        (?<![0-9.,])[-+]?[0-9]{1,3}[.][0-9]{4,}[ ]?°?[ ]?[NS]?[ ]*[,;/ ][ ]*
        [-+]?[0-9]{1,3}[.][0-9]{4,}[ ]?°?[ ]?[EWO]?
        |(?<![0-9.,])[0-9]{1,3}[ ]?°[ ]?[0-9]{1,2}[ ]?['′’][ ]?(?:[0-9]{1,2}(?:[.,][0-9]+)?[ ]?["″”])?[ ]?[NSEWO]?
        |(?<![\p{L}\p{N}])[23456789CFGHJMPQRVWX]{4,8}[+][23456789CFGHJMPQRVWX]{2,3}(?![\p{L}\p{N}])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Places();

    // An IBAN or the number of a card.
    [GeneratedRegex("""
        (?<![\p{L}\p{N}])(?:IBAN[ :]*)?
        (?:[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?|[0-9]{4}(?:[ -][0-9]{4}){3})
        (?![\p{L}\p{N}])
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Accounts();

    [GeneratedRegex("""
        (?<![\p{L}\p{M}\p{N}])(?<street>[\p{L}\p{M}]{2,9})\.?[ ]
        (?:(?:de|del|la|las|los|el|da|do|das|dos|al)[ ]){0,3}(?<name>[\p{L}\p{M}]+)
        (?:[ ](?:(?:de|del|la|las|los|da|do|das|dos|y|e)[ ]){0,2}(?<name>[\p{L}\p{M}]+)){0,3}
        ,?[ ](?:n[º°o]?\.?[ ]?|\#[ ]?)?[0-9]{1,5}(?:[ ]?[a-z](?![\p{L}\p{M}]))?(?![\p{L}\p{M}\p{N}]|[.,][0-9])
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex Street();
}
