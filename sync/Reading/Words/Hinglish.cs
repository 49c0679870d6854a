namespace Sak.Sync.Reading.Words;

/// <summary>
/// Whether a word in Latin letters spells a Devanagari one: each consonant in its place, each written vowel as a vowel
/// of its kind, the inherent short a there or not. "tar" is तार and "copy" is कॉपी, where consonants alone would say
/// too little.
/// </summary>
internal static class Hinglish
{
    public static bool Spells(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0 || Sound.IsDevanagari(a[0]) == Sound.IsDevanagari(b[0])) return false;
        var (latin, deva) = Sound.IsDevanagari(a[0]) ? (b, a) : (a, b);
        return latin.Length >= 3 && latin.Length <= deva.Length * 3 && char.IsAsciiLetterLower(latin[0])
            && Fits(latin, 0, deva, 0);
    }

    private static bool Fits(string latin, int i, string deva, int j)
    {
        if (j == deva.Length) return i == latin.Length || (i == latin.Length - 1 && latin[i] is 'a' or 'h');
        if (deva[j] is '्' or 'ः') return Fits(latin, i, deva, j + 1);
        // Doubled letters and the inherent vowel after a consonant.
        if (i > 0 && i < latin.Length && latin[i] == latin[i - 1] && !IsVowel(latin[i]) && Fits(latin, i + 1, deva, j))
            return true;
        var consonant = Consonants(deva[j]);
        foreach (var sound in consonant.Length > 0 ? consonant : Vowels(deva[j]))
        {
            if (string.CompareOrdinal(latin, i, sound, 0, sound.Length) != 0) continue;
            if (Fits(latin, i + sound.Length, deva, j + 1)) return true;
            if (consonant.Length == 0 || i + sound.Length >= latin.Length || latin[i + sound.Length] != 'a') continue;
            if ((j + 1 == deva.Length || Consonants(deva[j + 1]).Length > 0)
                && Fits(latin, i + sound.Length + 1, deva, j + 1)) return true;
        }

        return false;
    }

    private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u';

    private static string[] Vowels(char c) => c switch
    {
        'ा' or 'आ' => ["aa", "a"],
        'अ' => ["a", "u"],
        'ि' or 'इ' => ["i", "e"],
        'ी' or 'ई' => ["ee", "ii", "ie", "ea", "i", "y", "e"],
        'ु' or 'उ' => ["u", "oo", "o"],
        'ू' or 'ऊ' => ["oo", "uu", "u"],
        'े' or 'ए' => ["e", "ay", "ai", "a"],
        'ै' or 'ऐ' => ["ai", "ei", "a", "e"],
        'ो' or 'ओ' => ["o", "oa", "ow"],
        'ौ' or 'औ' => ["au", "ou", "o"],
        'ॉ' or 'ऑ' => ["o", "au", "a"],
        'ॅ' or 'ऍ' => ["a", "e"],
        'ृ' or 'ऋ' => ["ri", "ru"],
        _ => [""],
    };

    private static string[] Consonants(char c) => c switch
    {
        'क' => ["k", "c", "ck", "q"], 'ख' => ["kh", "k"], 'ग' => ["g"], 'घ' => ["gh", "g"],
        'ङ' or 'ञ' or 'ण' or 'न' => ["n"], 'ं' => ["n", "m"],
        'च' => ["ch", "c"], 'छ' => ["chh", "ch"], 'ज' => ["j", "z", "g"], 'झ' => ["jh", "j"], 'ट' => ["t", "th"],
        'त' => ["t"], 'ठ' or 'थ' => ["th", "t"],
        'ड' => ["d", "r"], 'द' => ["d"], 'ढ' or 'ध' => ["dh", "d", "rh"], 'प' => ["p"], 'फ' => ["ph", "f"],
        'ब' => ["b"], 'भ' => ["bh", "b"], 'म' => ["m"],
        'य' => ["y", "i"], 'र' => ["r"], 'ल' or 'ळ' => ["l"], 'व' => ["v", "w"], 'श' or 'ष' => ["sh", "s"],
        'स' => ["s", "c"], 'ह' => ["h"],
        _ => [],
    };
}
