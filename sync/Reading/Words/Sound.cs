using System.Text;

namespace Sak.Sync.Reading.Words;

/// <summary>
/// What a word sounds like and what is left of it without its ending: for plurals, for spelling by ear, and for a word
/// of one script written in another ("पेन", "pen", "بن"). All input is normalised.
/// </summary>
public static class Sound
{
    /// <summary>The word without plural or article: "ovos" → "ovo", "अंडे" → "अंड", "الحبات" → "حب".</summary>
    public static string Stem(string word)
    {
        if (word.Length < 3) return word;
        if (IsArabic(word[0])) return ArabicStem(word);
        if (IsDevanagari(word[0])) return DevanagariStem(word);
        return LatinStem(word);
    }

    /// <summary>"fones" may be the plural of "fon" or of "fone": the second stem, or null.</summary>
    public static string? OtherStem(string word) =>
        word.Length > 4 && word.EndsWith("ns", StringComparison.Ordinal) ? word[..^2] + "m"
        : word.Length > 4 && word.EndsWith("es", StringComparison.Ordinal) && word[0] < 0x0600
            && Stem(word) != word[..^1] ? word[..^1] : null;

    /// <summary>Consonants as they sound, a leading vowel as "a": "pencil", "pensil" and "पेंसिल" are "pnsl".</summary>
    public static string Key(string word)
    {
        var latin = word.Length > 0 && word[0] >= 0x0600 ? Transliterate(word) : word;
        var key = new StringBuilder(latin.Length);
        for (var i = 0; i < latin.Length; i++)
        {
            var c = Consonant(latin, ref i);
            if (c == '\0') continue;
            if (c == 'a')
            {
                if (key.Length == 0) key.Append('a');
                continue;
            }

            if (key.Length == 0 || key[^1] != c) key.Append(c);
        }

        return key.ToString();
    }

    public static bool IsArabic(char c) => c is >= '\u0600' and <= '\u06FF';

    public static bool IsDevanagari(char c) => c is >= '\u0900' and <= '\u097F';

    private static string LatinStem(string word)
    {
        if (word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal)) return word[..^3] + "y";
        if (word.Length > 4 && word.EndsWith("ie", StringComparison.Ordinal)) return word[..^2] + "y";
        if (word.EndsWith("oes", StringComparison.Ordinal) || word.EndsWith("aes", StringComparison.Ordinal))
            return word[..^3] + "o";
        if (word.EndsWith("aos", StringComparison.Ordinal)) return word[..^3] + "o";
        if (word.EndsWith("ao", StringComparison.Ordinal)) return word[..^2] + "o";
        if (word.Length > 4 && word.EndsWith("eis", StringComparison.Ordinal)) return word[..^2] + "l";
        if (word.Length > 4 && word.EndsWith("ais", StringComparison.Ordinal)) return word[..^2] + "l";
        if (word.Length > 4 && word.EndsWith("es", StringComparison.Ordinal) && "sxzhrlndj".Contains(word[^3]))
            return word[..^2];
        var one = word.Length > 3 && word[^1] == 's' && word[^2] != 's' && word[^2] != 'u' ? word[..^1] : word;
        // "knives" and "knife", "loaves" and "loaf", on both sides alike.
        return one.Length > 3
            && (one.EndsWith("ve", StringComparison.Ordinal) || one.EndsWith("fe", StringComparison.Ordinal))
            ? one[..^2] + "f"
            : one;
    }

    private static string DevanagariStem(string word)
    {
        var end = word.Length;
        while (end > 2 && "ािीुूेैोौंयँ".Contains(word[end - 1])) end--;
        return word[..end];
    }

    /// <summary>
    /// The consonants of an Arabic word without article and endings: "شواحن" and "شاحن" have the same.
    /// </summary>
    public static string Root(string word) =>
        string.Concat(ArabicStem(word).Where(c => c is not ('ا' or 'و' or 'ي' or 'ه')));

    private static string ArabicStem(string word)
    {
        var stem = word;
        foreach (var article in (string[])["وال", "بال", "كال", "ال", "لل"])
            if (stem.Length > article.Length + 1 && stem.StartsWith(article, StringComparison.Ordinal))
            {
                stem = stem[article.Length..];
                break;
            }

        if (stem.Length > 4 && stem.EndsWith("ات", StringComparison.Ordinal)) return stem[..^2];
        return stem.Length > 3 && stem[^1] == 'ه' ? stem[..^1] : stem;
    }

    // One sound a step; '\0' is silent, 'a' any vowel. Letters that people swap when they write by ear fall together.
    private static char Consonant(string w, ref int i)
    {
        var c = w[i];
        var next = i + 1 < w.Length ? w[i + 1] : '\0';
        switch (c)
        {
            case 'a' or 'e' or 'i' or 'o' or 'u' or 'y':
                return 'a';
            case 't' when next == 'i' && i + 2 < w.Length && w[i + 2] == 'o':
                return 's';
            case 'p' when next == 'h':
                i++;
                return 'f';
            case 'c' when next is 'e' or 'i' or 'y':
                return 's';
            case 'c' when next == 'h':
                i++;
                return 'c';
            case 'c' or 'q' or 'k':
                if (next is 'k' or 'h' or 'q') i++;
                return 'k';
            case 's' or 't' or 'd' or 'b' or 'g' or 'j' or 'z' when next == 'h':
                i++;
                return c == 'z' ? 's' : c;
            case 'x':
                return 'k';
            case 'z':
                return 's';
            case 'w':
                return 'v';
            case 'h':
                return '\0';
            default:
                return char.IsAsciiLetterOrDigit(c) ? c : '\0';
        }
    }

    private static string Transliterate(string word)
    {
        var latin = new StringBuilder(word.Length * 2);
        foreach (var c in word) latin.Append(IsArabic(c) ? Arabic(c) : IsDevanagari(c) ? Devanagari(c) : c.ToString());
        return latin.ToString();
    }

    private static string Arabic(char c) => c switch
    {
        'ا' or 'ع' or 'و' or 'ي' => "a",
        'ب' => "b", 'ت' or 'ط' => "t", 'ث' or 'س' or 'ص' => "s", 'ج' => "j", 'ح' or 'ه' => "", 'خ' or 'ك' or 'ق' => "k",
        'د' or 'ض' => "d", 'ذ' or 'ز' or 'ظ' => "z", 'ر' => "r", 'ش' => "sh", 'غ' => "g", 'ف' => "f", 'ل' => "l",
        'م' => "m", 'ن' => "n",
        _ => "",
    };

    private static string Devanagari(char c) => c switch
    {
        'क' => "k", 'ख' => "kh", 'ग' => "g", 'घ' => "gh", 'ङ' => "n", 'च' => "ch", 'छ' => "ch", 'ज' => "j",
        'झ' => "jh", 'ञ' => "n",
        'ट' or 'त' => "t", 'ठ' or 'थ' => "th", 'ड' or 'द' => "d", 'ढ' or 'ध' => "dh", 'ण' or 'न' or 'ं' => "n",
        'प' => "p", 'फ' => "ph", 'ब' => "b",
        'भ' => "bh", 'म' => "m", 'य' => "y", 'र' => "r", 'ल' or 'ळ' => "l", 'व' => "v", 'श' or 'ष' => "sh", 'स' => "s",
        'ह' => "h",
        '्' or 'ः' => "",
        >= 'अ' and <= 'औ' or (>= 'ा' and <= 'ौ') or 'ृ' => "a",
        _ => "",
    };
}
