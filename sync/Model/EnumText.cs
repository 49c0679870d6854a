namespace Sak.Sync.Model;

/// <summary>
/// How a state or a kind is written in rows, on the wire and in files: as its name in lower-case letters. This is the
/// only place that turns the one into the other.
/// </summary>
public static class EnumText
{
    public static string Text<T>(this T value) where T : struct, Enum => Words<T>.Of[value];

    /// <summary>The same for a value whose type is not known where it is written.</summary>
    public static string Of(Enum value) => value.ToString().ToLowerInvariant();

    /// <summary>Null for a word that this program does not know; a newer one may have written it.</summary>
    public static T? Read<T>(string word) where T : struct, Enum =>
        Words<T>.Meaning.TryGetValue(word, out var value) ? value : null;

    /// <summary>Every word of a vocabulary, as a list for a sentence: "price, discount, tax".</summary>
    public static string List<T>() where T : struct, Enum => string.Join(", ", Words<T>.Of.Values);

    private static class Words<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Of =
            Enum.GetValues<T>().ToDictionary(value => value, value => EnumText.Of(value));

        public static readonly Dictionary<string, T> Meaning = Of.ToDictionary(pair => pair.Value, pair => pair.Key);
    }
}
