using System.Globalization;
using System.Text;

namespace Sak.Agent.Catalog;

/// <summary>How a search term is spelled in the full-text index.</summary>
internal static class CatalogTerms
{
    /// <summary>
    /// SQLite's tokeniser knows an old version of Unicode and splits a term at every character that is newer. Such
    /// characters are written as their code, in the index and in the query alike, so that a term is always one token.
    /// </summary>
    public static string Key(string term)
    {
        if (term.All(IsPlain)) return term;
        var key = new StringBuilder(term.Length * 2);
        foreach (var c in term)
            if (IsPlain(c)) key.Append(c);
            else key.Append(CultureInfo.InvariantCulture, $"u{(int)c:x4}");
        return key.ToString();
    }

    private static bool IsPlain(char c) =>
        char.IsAsciiLetterOrDigit(c) || c == '~'
            || (c is (>= '\u00C0' and <= '\u024F') or (>= '\u0621' and <= '\u064A') or (>= '\u0900' and <= '\u094D')
                && c is not '×' and not '÷');
}
