using System.Text.Json;

namespace Sak.Tests.Support;

/// <summary>The schemas of an OpenAPI document: examples from them, and values held against them.</summary>
internal sealed class ApiSchema(JsonElement document)
{
    /// <summary>A value as text: the example that is given, or one of the schema's type.</summary>
    public string Example(JsonElement holder, JsonElement schema)
    {
        schema = Resolve(schema);
        if (holder.TryGetProperty("example", out var given) || schema.TryGetProperty("example", out given))
            return given.ValueKind == JsonValueKind.String ? given.GetString()! : given.GetRawText();
        return schema.GetProperty("type").GetString() == "integer" ? "1" : "x";
    }

    /// <summary>Fails where the value is not what the schema says.</summary>
    public void Hold(JsonElement value, JsonElement schema, string where)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            Assert.True(IsNullable(schema), $"{where} is null.");
            return;
        }

        schema = Resolve(schema);
        if (schema.TryGetProperty("enum", out var words))
            Assert.Contains(value.GetRawText(), words.EnumerateArray().Select(w => w.GetRawText()));
        Assert.True(IsOf(value, schema.GetProperty("type").GetString()!), $"{where} is {value.GetRawText()}.");
        if (value.ValueKind == JsonValueKind.Array)
            foreach (var item in value.EnumerateArray()) Hold(item, schema.GetProperty("items"), $"{where}[]");
        if (value.ValueKind == JsonValueKind.Object) HoldObject(value, schema, where);
    }

    private void HoldObject(JsonElement value, JsonElement schema, string where)
    {
        var known = schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().ToDictionary(p => p.Name, p => p.Value) : [];
        if (schema.TryGetProperty("required", out var required))
            foreach (var name in required.EnumerateArray().Select(n => n.GetString()!))
                Assert.True(value.TryGetProperty(name, out _), $"{where} lacks {name}.");
        foreach (var property in value.EnumerateObject())
        {
            Assert.True(known.TryGetValue(property.Name, out var described)
                || schema.TryGetProperty("additionalProperties", out described),
                $"{where}.{property.Name} is unknown.");
            Hold(property.Value, described, $"{where}.{property.Name}");
        }
    }

    // Every schema of the document names its type; HoldObject then checks what an object holds.
    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => value.ValueKind == JsonValueKind.String,
    };

    private static bool IsNullable(JsonElement schema) =>
        schema.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean();

    private JsonElement Resolve(JsonElement schema)
    {
        while (true)
        {
            if (schema.TryGetProperty("oneOf", out var one)) schema = one.EnumerateArray().Single();
            if (!schema.TryGetProperty("$ref", out var reference)) return schema;
            schema = reference.GetString()!.Split('/')[1..].Aggregate(document, (at, name) => at.GetProperty(name));
        }
    }
}
