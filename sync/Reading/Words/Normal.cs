using System.Globalization;
using System.Text;

namespace Sak.Sync.Reading.Words;

/// <summary>
/// Writes text in one form, so that "Ｐãо", "pao" and "PÃO", or "الحليب" with and without harakat, are the same. Own
/// rules rather than a database's collation: SQLite's tokenisers do not fold Arabic or Devanagari, and both sides must
/// agree.
/// </summary>
public static class Normal
{
    /// <summary>Longest text that is read; a message has 4,000 characters by contract.</summary>
    public const int MaxLength = 8_000;

    private const char FractionSlash = '\u2044';

    /// <summary>Normalised characters, and for each the place in the source where it came from.</summary>
    public readonly record struct Mapped(string Text, int[] Source);

    /// <summary>
    /// Lower case, no accents or harakat, one form of each letter and digit; separators and line ends stay.
    /// </summary>
    public static string Text(string text) => Map(text).Text;

    public static Mapped Map(string text)
    {
        if (text.Length > MaxLength) text = text[..MaxLength];
        var normal = new StringBuilder(text.Length);
        var source = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var at = i;
            var before = normal.Length;
            if (text[i] < 0x80) normal.Append(char.ToLowerInvariant(text[i]));
            else if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                Fold(rune, normal);
                i += rune.Utf16SequenceLength - 1;
            }
            else normal.Append(' ');

            for (var n = before; n < normal.Length; n++) source.Add(at);
        }

        return new Mapped(normal.ToString(), [.. source]);
    }

    /// <summary>A word without what is not a letter or digit: "5W-30" is "5w30".</summary>
    public static string Compact(string text)
    {
        var compact = new StringBuilder(text.Length);
        foreach (var c in Text(text))
            if (IsWordCharacter(c)) compact.Append(c);
        return compact.ToString();
    }

    /// <summary>Letters, digits and the marks that belong to a letter (Devanagari vowel signs).</summary>
    public static bool IsWordCharacter(char c) =>
        c < 0x80 ? char.IsAsciiLetterOrDigit(c) : char.IsLetterOrDigit(c)
            || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.NonSpacingMark;

    private static void Fold(Rune rune, StringBuilder into)
    {
        var digit = Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber
            ? (int)Rune.GetNumericValue(rune)
            : -1;
        if (digit >= 0)
        {
            into.Append((char)('0' + digit));
            return;
        }

        if (rune.Value is >= 0x900 and < 0x980 || !rune.IsBmp)
        {
            FoldOne(rune.IsBmp ? (char)rune.Value : '\0', rune, into);
            return;
        }

        var parts = rune.ToString().Normalize(NormalizationForm.FormKD);
        // "1½" is one and a half, not eleven halves.
        if (parts.Contains(FractionSlash) && into.Length > 0 && char.IsAsciiDigit(into[^1])) into.Append(' ');
        foreach (var c in parts) FoldOne(c, rune, into);
    }

    private static void FoldOne(char c, Rune rune, StringBuilder into)
    {
        if (c == '\0')
        {
            // Skin tones and invisible characters say nothing; other emoji stay, a thumbs-up is an answer.
            if (rune.Value is (< 0x1F3FB or > 0x1F3FF) and (< 0xE0000 or > 0xE0FFF)) into.Append(rune.ToString());
            return;
        }

        if (Dropped(c)) return;
        into.Append(c switch
        {
            'ß' => "ss",
            'ø' or 'Ø' => "o",
            'æ' or 'Æ' => "ae",
            'ł' or 'Ł' => "l",
            _ => Letter(c),
        });
    }

    private static bool Dropped(char c) =>
        c is (>= '\u0300' and <= '\u036F') or (>= '\u064B' and <= '\u065F') or (>= '\u0610' and <= '\u061A')
            or (>= '\u06D6' and <= '\u06ED')
            or '\u0670' or '\u0640' or '\u093C' or '\uFEFF' or '\u00AD' or (>= '\u200B' and <= '\u200F')
            or (>= '\u202A' and <= '\u202E')
            or (>= '\u2060' and <= '\u206F') or (>= '\uFE00' and <= '\uFE0F') or '\u061C' or '\u20E3';

    private static string Letter(char c) => c switch
    {
        'أ' or 'إ' or 'آ' or 'ٱ' => "ا",
        'ى' or 'ی' or 'ئ' => "ي",
        'ؤ' => "و",
        'ة' => "ه",
        'ک' or 'گ' => "ك",
        'پ' => "ب",
        'ڤ' => "ف",
        'چ' => "ج",
        'ء' => "",
        'ँ' => "ं",
        '\u0958' => "क", '\u0959' => "ख", '\u095A' => "ग", '\u095B' => "ज", '\u095C' => "ड", '\u095D' => "ढ",
        '\u095E' => "फ", '\u095F' => "य",
        '×' or '✕' or '✖' or '╳' => "x",
        '⁄' or '÷' => "/",
        '٫' => ".",
        '٬' or '،' or '、' => ",",
        '؛' => ";",
        '؟' => "?",
        '।' or '۔' => ".",
        '٪' => "%",
        '’' or '‘' or '`' or '´' or 'ʼ' => "'",
        '″' or '”' or '“' or '„' => "\"",
        '–' or '—' or '−' or '‐' or '‑' => "-",
        '\u00A0' or '\u2009' or '\u202F' => " ",
        '\u2028' or '\u2029' => "\n",
        _ => char.ToLowerInvariant(c).ToString(),
    };
}
