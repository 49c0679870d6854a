namespace Sak.Sync.Reading.Words;

/// <summary>Which languages a text is written in.</summary>
internal static class Languages
{
    public static readonly IReadOnlyList<string> Latin = ["en", "hi-Latn", "es", "pt", "ar-Latn"];

    /// <summary>The main one (BCP 47), and all whose words count in this text; a message may mix them.</summary>
    public static (string Main, HashSet<string> All) Of(IReadOnlyList<Token> tokens, string hint, string written = "")
    {
        var all = new HashSet<string> { "hi", "ar" };
        int arabic = 0, devanagari = 0;
        var score = Latin.ToDictionary(l => l, _ => 0.0);
        var unique = Latin.ToDictionary(l => l, _ => 0);
        foreach (var token in tokens.Where((t, i) => t.IsWord && t.Text.Length > 0
            && !(t.Text.Length == 1 && i > 0 && tokens[i - 1].IsNumber && tokens[i - 1].Glued)))
        {
            if (Sound.IsArabic(token.Text[0])) arabic++;
            else if (Sound.IsDevanagari(token.Text[0])) devanagari++;
            else Count(token.Text, score, unique);
        }

        Accents(written, score, unique);
        CountedIn(tokens, score, unique);
        var best = score.OrderByDescending(s => s.Value + unique[s.Key] + (s.Key == hint ? 0.2 : 0))
            .ThenBy(s => s.Key == "en" ? 0 : 1).First();
        // What is written alike in several languages counts in each of them.
        foreach (var language in Latin.Where(
            l => score[l] > 0 && score[l] >= best.Value && unique[l] == unique[best.Key])) all.Add(language);
        foreach (var language in Latin)
            if (language == best.Key || (unique[language] > 0
                && (language is "en" or "hi-Latn" || unique[language] * 2 >= unique[best.Key]))) all.Add(language);
        if (best.Value == 0) all.Add(Latin.Contains(hint) ? hint : "en");
        // Spanish and Portuguese share too much for both to count on the strength of one word.
        var (spanish, portuguese) = (score["es"] + unique["es"], score["pt"] + unique["pt"]);
        if (all.Contains("es") && all.Contains("pt") && spanish != portuguese)
            all.Remove(spanish >= portuguese ? "pt" : "es");
        var latin = best.Value == 0
            ? (Latin.Contains(hint) && arabic + devanagari == 0 ? hint : arabic + devanagari == 0 && hint.Length > 0
            && best.Value == 0 ? hint : "en") : best.Key;
        var main = arabic > 0 && arabic * 2 >= devanagari && arabic >= best.Value / 2 ? "ar"
            : devanagari > 0 && devanagari >= best.Value / 2 ? "hi" : latin;
        return (main, all);
    }

    /// <summary>
    /// The language to answer in. It changes only where the customer's own sentence does: not for a unit, a number or a
    /// word that the shop's last reply had taught.
    /// </summary>
    /// <param name="before">What the customer was answered in; empty for a new customer.</param>
    /// <param name="read">The main language of the turn.</param>
    public static string OfReply(IEnumerable<Token> tokens, string before, string read, string lastReply)
    {
        if (before.Length == 0 || before == read) return read;
        var taught = Lexer.Read(lastReply).Select(t => t.Text).ToHashSet();
        return tokens.Any(t => t.IsWord && t.Text.Any(char.IsLetter) && !taught.Contains(t.Text) && IsOf(t.Text, read))
            ? read
            : before;
    }

    private static bool IsOf(string word, string language)
    {
        if (Lexicon.Shared.SenseOf(word, PhraseKind.Unit) is not null
            || Lexicon.Shared.SenseOf(word, PhraseKind.ShopUnit) is not null
            || Lexicon.Shared.SenseOf(word, PhraseKind.Measure) is not null) return false;
        if (language == "ar") return Sound.IsArabic(word[0]);
        if (language == "hi") return Sound.IsDevanagari(word[0]);
        return Lexicon.Shared.LanguagesOf(word).Where(Latin.Contains).ToList() is [var only] && only == language;
    }

    // Letters that only one language writes; an acute accent is Spanish or Portuguese.
    private static void Accents(string written, Dictionary<string, double> score, Dictionary<string, int> unique)
    {
        if (written.AsSpan().IndexOfAny("çãõÇÃÕêôâ") >= 0) Add("pt");
        else if (written.AsSpan().IndexOfAny("ñ¿¡Ñ") >= 0) Add("es");
        else if (written.AsSpan().IndexOfAny("áéíóúÁÉÍÓÚ") >= 0)
            (score["es"], score["pt"], unique["es"], unique["pt"]) = (score["es"] + 1, score["pt"] + 1,
                unique["es"] + 1, unique["pt"] + 1);

        void Add(string language) => (score[language], unique[language]) = (score[language] + 1, unique[language] + 1);
    }

    // "I need tres cajas de blades": who counts a unit in a language writes it, if only here.
    private static void CountedIn(IReadOnlyList<Token> tokens, Dictionary<string, double> score,
        Dictionary<string, int> unique)
    {
        for (var i = 0; i + 1 < tokens.Count; i++)
            if (tokens[i].IsWord && tokens[i + 1].IsWord
                && Lexicon.Shared.SenseOf(tokens[i].Text, PhraseKind.Number) is not null)
                foreach (var language in Lexicon.Shared.LanguagesOf(tokens[i + 1].Text))
                    if (score.ContainsKey(language) && Lexicon.Shared.LanguagesOf(tokens[i].Text).Contains(language)
                        && Lexicon.Shared.SenseOf(tokens[i + 1].Text, PhraseKind.Unit) is { } unit
                        && unit.Language == language)
                        unique[language] += 2;
    }

    private static void Count(string word, Dictionary<string, double> score, Dictionary<string, int> unique)
    {
        var languages = Lexicon.Shared.LanguagesOf(word);
        var latin = 0;
        foreach (var language in languages)
            if (score.ContainsKey(language)) latin++;
        foreach (var language in languages)
        {
            if (!score.ContainsKey(language)) continue;
            score[language] += (word.Length == 1 ? 0.4 : 1.0) / latin;
            if (latin == 1 && word.Length > 1) unique[language]++;
        }
    }
}
