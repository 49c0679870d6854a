using System.Globalization;
using System.Reflection;

namespace Sak.Sync.Answering;

/// <summary>
/// SAK's own sentences, by key and language, from Replies.tsv. A language that is not there is answered in English.
/// </summary>
internal static class Replies
{
    private static readonly Dictionary<(string Key, string Language), string> Texts = Load();

    public static readonly IReadOnlyList<string> Languages = [.. Texts.Keys.Select(k => k.Language).Distinct()];

    public static string Say(string key, string language, params object[] values)
    {
        // Who writes Arabic in Latin letters reads Arabic.
        var text = Texts.TryGetValue((key, language), out var found)
            || (language == "ar-Latn" && Texts.TryGetValue((key, "ar"), out found)) ? found! : Texts[(key, "en")];
        return values.Length == 0 ? text : string.Format(CultureInfo.InvariantCulture, text, values);
    }

    private static Dictionary<(string, string), string> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("replies")
            ?? throw new InvalidDataException(
                "The resource \"replies\" (Understanding/Replies.tsv) is missing from this build.");
        using var reader = new StreamReader(stream);
        var texts = new Dictionary<(string, string), string>();
        string[]? languages = null;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var columns = line.Split('\t');
            if (languages is null) languages = columns;
            else if (columns.Length != languages.Length)
                throw new InvalidDataException(
                    $"Replies.tsv: \"{columns[0]}\" has {columns.Length} columns, not {languages.Length}.");
            else
                for (var i = 1; i < columns.Length; i++) texts[(columns[0], languages[i])] = columns[i];
        }

        return texts;
    }
}
