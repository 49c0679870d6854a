namespace Sak.Sync.Reading.Words;

/// <summary>
/// Whether a word in Latin letters spells an Arabic one: every consonant in its place, every long vowel that Arabic
/// writes as a vowel of its kind, short vowels free. "shai" is شاي and "ward" is ورد, where consonants alone would say
/// too little.
/// </summary>
internal static class Arabizi
{
    public static bool Spells(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0 || Sound.IsArabic(a[0]) == Sound.IsArabic(b[0])) return false;
        var (latin, arabic) = Sound.IsArabic(a[0]) ? (b, a) : (a, b);
        if (arabic.StartsWith("ال", StringComparison.Ordinal) && arabic.Length > 4) arabic = arabic[2..];
        if (arabic.Length < 3 || latin.Length < 3 || latin.Length > arabic.Length * 3
            || !(char.IsAsciiLetterLower(latin[0]) || "235679".Contains(latin[0]))) return false;
        return Fits(latin, 0, arabic, 0);
    }

    /// <summary>
    /// Consonants and the vowels that are letters of their own, alike for both scripts: "shai" and شاي are "xy". Only
    /// to find what may be meant; <see cref="Spells"/> decides whether it is.
    /// </summary>
    public static string Sketch(string word)
    {
        if (word.Length > 4 && word.StartsWith("ال", StringComparison.Ordinal)) word = word[2..];
        var sketch = new System.Text.StringBuilder(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            var next = i + 1 < word.Length ? word[i + 1] : '\0';
            var c = Letter(word[i], next);
            if (next == 'h' && word[i] is 's' or 'k' or 'g' or 't' or 'd' or 'c') i++;
            if (c != '\0' && (sketch.Length == 0 || sketch[^1] != c || Sound.IsArabic(word[i]))) sketch.Append(c);
        }

        return sketch.ToString();
    }

    private static char Letter(char c, char next) => c switch
    {
        's' or 'c' when next == 'h' => 'x',
        'ش' => 'x',
        'و' or 'w' or 'o' or 'u' or 'v' => 'w',
        'ي' or 'y' or 'i' or 'e' => 'y',
        'ب' or 'b' or 'p' => 'b',
        'ت' or 'ط' or 't' => 't',
        'ج' or 'غ' or 'g' or 'j' => 'g',
        'خ' or 'ك' or 'ق' or 'k' or 'q' or 'c' => 'k',
        'د' or 'ض' or 'd' => 'd',
        'ر' or 'r' => 'r',
        'ذ' or 'ز' or 'ظ' or 'z' => 'z',
        'ث' or 'س' or 'ص' or 's' => 's',
        'ف' or 'f' => 'f',
        'ل' or 'l' => 'l',
        'م' or 'm' => 'm',
        'ن' or 'n' => 'n',
        _ => '\0',
    };

    private static bool Fits(string latin, int i, string arabic, int j)
    {
        if (j == arabic.Length) return latin.AsSpan(i).IndexOfAnyExcept("aeiouyh") < 0 && latin.Length - i <= 1;
        if (i < latin.Length && i > 0 && latin[i] == latin[i - 1] && "aeiou".IndexOf(latin[i]) < 0
            && Fits(latin, i + 1, arabic, j)) return true;
        foreach (var sound in Sounds(arabic[j], j == arabic.Length - 1))
            if (string.CompareOrdinal(latin, i, sound, 0, sound.Length) == 0
                && Fits(latin, i + sound.Length, arabic, j + 1)) return true;
        // A short vowel that Arabic leaves out.
        return i < latin.Length && "aeiou".Contains(latin[i]) && (i == 0 || !"aeiou".Contains(latin[i - 1])) && j > 0
            && Fits(latin, i + 1, arabic, j);
    }

    private static string[] Sounds(char c, bool last) => c switch
    {
        'ا' => ["aa", "a", "e", "i", "o", "u"],
        'ع' => ["3", "aa", "a", "e", "i", ""],
        'و' => ["oo", "ou", "w", "o", "u", "v"],
        'ي' => ["ee", "ei", "ai", "y", "i", "e"],
        'ه' => last ? ["ah", "eh", "et", "at", "a", "e", "h", "t"] : ["h"],
        'ب' => ["b", "p"],
        'ت' => ["t"],
        'ط' => ["6", "t"],
        'ث' => ["th", "s"],
        'ج' => ["j", "g"],
        'ح' => ["7", "h"],
        'خ' => ["kh", "5"],
        'د' or 'ض' => ["dh", "d"],
        'ذ' or 'ظ' => ["th", "dh", "z"],
        'ر' => ["r"],
        'ز' => ["z"],
        'س' => ["s", "c"],
        'ص' => ["9", "s", "c"],
        'ش' => ["sh", "ch"],
        'غ' => ["gh", "g"],
        'ف' => ["f", "v", "ph"],
        'ق' => ["q", "k", "g", "2"],
        'ك' => ["k", "c", "ch"],
        'ل' => ["l"],
        'م' => ["m"],
        'ن' => ["n"],
        'ء' => ["2", ""],
        _ => [],
    };
}
