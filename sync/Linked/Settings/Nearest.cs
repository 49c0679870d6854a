namespace Sak.Sync.Linked.Settings;

/// <summary>"Did you mean": the word with the fewest letters changed.</summary>
internal static class Nearest
{
    public static string? Hint(string text, IEnumerable<string> words)
    {
        var (word, distance) =
            words.Select(w => (Word: w, Distance: Distance(text.ToLowerInvariant(), w.ToLowerInvariant())))
                .MinBy(p => p.Distance);
        return word is not null && distance <= Math.Max(1, word.Length / 4) ? $"Did you mean {word}?" : null;
    }

    // Levenshtein, with a swap of neighbours as one change ("Nmae").
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1,
                    d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }

        return d[a.Length, b.Length];
    }
}
