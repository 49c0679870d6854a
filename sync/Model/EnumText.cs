using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sak.Sync.Model;

/// <summary>
/// How an enum is written in rows, on the wire, in files and in a model's answer: as its name in lower-case letters,
/// and <c>Nothing</c> as the empty text. This is the only place that turns the one into the other.
/// </summary>
public static class EnumText
{
    public static string Text<T>(this T value) where T : struct, Enum => Words<T>.Of[value];

    /// <summary>The same for a value whose type is not known where it is written.</summary>
    public static string Of(Enum value) =>
        value.ToString() is not "Nothing" and var name ? name.ToLowerInvariant() : "";

    /// <summary>
    /// Null for a word that this program does not know (a newer one may have written it) and for no word; case counts.
    /// </summary>
    public static T? Read<T>(string? word) where T : struct, Enum =>
        word is not null && Words<T>.Meaning.TryGetValue(word, out var value) ? value : null;

    /// <summary>Every word of a vocabulary, as a list for a sentence: "price, discount, tax".</summary>
    public static string List<T>() where T : struct, Enum => string.Join(", ", Words<T>.Of.Values);

    private static class Words<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Of =
            Enum.GetValues<T>().ToDictionary(value => value, value => EnumText.Of(value));

        public static readonly Dictionary<string, T> Meaning = Of.ToDictionary(pair => pair.Value, pair => pair.Key);
    }
}

/// <summary>Writes an enum as its word, and refuses a word that it does not have.</summary>
public sealed class EnumTextConverter<T> : JsonConverter<T> where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && EnumText.Read<T>(reader.GetString()) is { } value
            ? value
            : throw new JsonException($"A {typeof(T).Name} is one of the words "
                + $"{string.Join(", ", Enum.GetValues<T>().Select(v => $"\"{v.Text()}\""))}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text());
}
