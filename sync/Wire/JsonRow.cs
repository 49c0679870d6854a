using System.Collections;
using System.Text.Json;

namespace Sak.Sync.Wire;

/// <summary>
/// A row as the JSON array in which the change log keeps it: sent as it is, and read only if someone looks.
/// </summary>
public sealed class JsonRow(byte[] json) : IReadOnlyList<object?>
{
    private object?[]? _values;

    public int Count => Values.Length;

    /// <summary>The values without the brackets around them.</summary>
    internal ReadOnlySpan<byte> Inside => json.AsSpan(1, json.Length - 2);

    private object?[] Values => _values ??= Read();

    public object? this[int index] => Values[index];

    public IEnumerator<object?> GetEnumerator() => ((IEnumerable<object?>)Values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private object?[] Read()
    {
        using var parsed = JsonDocument.Parse(json.AsMemory());
        return [.. parsed.RootElement.EnumerateArray().Select(Value)];
    }

    /// <summary>Text, a whole number or null.</summary>
    public static object? Value(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Number => element.GetInt64(),
            _ => element.GetString(),
        };
}
