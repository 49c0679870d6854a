namespace Sak.Sync.Reading.Words;

/// <summary>How near a written word is to a word of the catalog. Both normalised.</summary>
public static class Spelling
{
    /// <summary>A likeness from here on stands alone; below it, a second word must agree.</summary>
    public const double Sure = 0.85;

    /// <summary>A word with its stem and its sound, worked out once.</summary>
    internal sealed class Heard(string text)
    {
        public string Text { get; } = text;

        public string Stem { get; } = Sound.Stem(text);

        public string Key { get; } = Sound.Key(text);

        public bool HasDigit { get; } = text.AsSpan().ContainsAnyInRange('0', '9');
    }

    /// <summary>0 = different … 1 = equal.</summary>
    public static double Likeness(string written, string word) => Likeness(new Heard(written), new Heard(word));

    internal static double Likeness(Heard written, Heard word)
    {
        if (written.Text == word.Text) return 1;
        if (written.Text.Length > 0 && word.Text.Length > 0 && written.HasDigit != word.HasDigit
            && Arabizi.Spells(written.Text, word.Text)) return 0.93;
        if (written.HasDigit || word.HasDigit || written.Text.Length == 0 || word.Text.Length == 0) return 0;
        if (written.Stem == word.Stem) return 0.98;
        return Script(written.Text) == Script(word.Text) ? SameScript(written, word)
            : Arabizi.Spells(written.Text, word.Text) || Hinglish.Spells(written.Text, word.Text) ? 0.93
            : OtherScript(written.Key, word.Key, Script(written.Text) == 1 || Script(word.Text) == 1);
    }

    /// <summary>"spk" for "spark", "shmp" for "shampoo": some of its consonants, in order.</summary>
    public static bool IsClipped(string written, string word)
    {
        if (written.Length < 3 || word.Length < written.Length + 2 || written[0] != word[0]
            || written.AsSpan(1).ContainsAny("aeiou0123456789")) return false;
        var at = 0;
        foreach (var letter in word)
            if (at < written.Length && written[at] == letter) at++;
        return at == written.Length;
    }

    /// <summary>
    /// Edits (insert, delete, change, swap of neighbours) between two words; more than <paramref name="most"/> is most
    /// + 1.
    /// </summary>
    public static int Edits(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int most)
    {
        if (Math.Abs(a.Length - b.Length) > most || b.Length > 60) return most + 1;
        Span<int> before = stackalloc int[b.Length + 1];
        Span<int> above = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) above[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                least = Math.Min(least, row[j]);
            }

            if (least > most) return most + 1;
            var free = before;
            before = above;
            above = row;
            row = free;
        }

        return above[b.Length];
    }

    private static double SameScript(Heard heard, Heard named)
    {
        var (written, word) = (heard.Text, named.Text);
        var shorter = Math.Min(written.Length, word.Length);
        var longer = Math.Max(written.Length, word.Length);
        if (shorter < 3 || longer - shorter > 8 || !(written[0] == word[0]
            || (heard.Key.Length > 0 && named.Key.Length > 0 && heard.Key[0] == named.Key[0]))) return 0;
        var sameConsonants = heard.Key.Length >= 2 && heard.Key == named.Key;
        var most = longer >= 9 ? 2 : 1;
        var edits = Edits(written, word, most);
        // Misspelled and in the plural: "boqillas" is boquilla.
        if (edits > most && heard.Stem.Length >= 5 && named.Stem.Length >= 5
            && (heard.Stem != written || named.Stem != word)) edits = Edits(heard.Stem, named.Stem, most);
        if (edits <= most && shorter >= 4)
        {
            // In a short word one other consonant is usually another word: "milk" is not "silk" and "tape" is not
            // "tyre".
            if (shorter >= 6 || sameConsonants || (shorter == 5 && written.Length != word.Length))
                return edits == 1 ? 0.9 : 0.86;
            return shorter == 5 || written.Length != word.Length ? 0.8 : 0.7;
        }

        if (sameConsonants && named.Key.Length >= 3 && longer - shorter <= 2)
            return Edits(written, word, 3) <= (longer >= 6 ? 3 : 2) ? 0.86 : 0.78;
        if (edits == 1 && shorter == 3) return 0.75;
        // A word cut short: "choc" for "chocolate".
        return written.Length >= 4 && word.StartsWith(written, StringComparison.Ordinal)
            && word.Length - written.Length >= 2 ? 0.8 : 0;
    }

    private static double OtherScript(string a, string b, bool arabic)
    {
        if (arabic) (a, b) = (Coarse(a), Coarse(b));
        if (a.Length < 2 || a != b) return 0;
        // "bread" and बोर्ड have three consonants in common.
        return a.Length >= 4 ? 0.88 : a.Length < 3 ? 0.75 : arabic ? Sure : 0.8;
    }

    // Arabic has no p or v, and writes w and the long vowels with the same letters.
    private static string Coarse(string key) =>
        key.Replace('p', 'b').Replace("v", "", StringComparison.Ordinal).Replace('c', 's').TrimStart('a');

    private static int Script(string word) => Sound.IsArabic(word[0]) ? 1 : Sound.IsDevanagari(word[0]) ? 2 : 0;
}
