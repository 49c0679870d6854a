using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sak.Sync.Model;

/// <summary>
/// How an enum is spelled on the wire, in the replica's JSON and in a model's answer: its name in lower case.
/// <c>Nothing</c> is the empty text.
/// </summary>
public static class EnumWords
{
    public static string Of<T>(T value) where T : struct, Enum => Words<T>.Of[value];

    /// <summary>False for a word that names no value; case counts.</summary>
    public static bool TryRead<T>(string? word, out T value) where T : struct, Enum =>
        Words<T>.Values.TryGetValue(word ?? "-", out value);

    private static class Words<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Of = Enum.GetValues<T>().ToDictionary(v => v,
            v => v.ToString() == "Nothing" ? "" : v.ToString().ToLowerInvariant());

        public static readonly Dictionary<string, T> Values = Of.ToDictionary(o => o.Value, o => o.Key);
    }
}

/// <summary>Writes an enum as its word, and refuses a word that it does not have.</summary>
public sealed class EnumWordConverter<T> : JsonConverter<T> where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && EnumWords.TryRead<T>(reader.GetString(), out var value)
            ? value
            : throw new JsonException($"A {typeof(T).Name} is one of the words "
                + $"{string.Join(", ", Enum.GetValues<T>().Select(v => $"\"{EnumWords.Of(v)}\""))}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(EnumWords.Of(value));
}
