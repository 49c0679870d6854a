using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using NJsonSchema;
using NJsonSchema.Generation;
using Sak.Sync.Model;

namespace Sak.Server.Api.Document;

/// <summary>Describes a type as System.Text.Json reads and writes it, where the generator does not know.</summary>
internal sealed class DescribeSchema(JsonSerializerOptions json) : ISchemaProcessor
{
    public void Process(SchemaProcessorContext context)
    {
        var (type, schema) = (context.ContextualType.OriginalType, context.Schema);
        // The schema is described once; elsewhere the document only refers to it.
        if (schema.HasReference) return;
        if (type == typeof(ProblemDetails)) DescribeProblem(schema);
        else if (HasWords(type)) DescribeWords(type, schema);
        else if (type.Namespace?.StartsWith("Sak.", StringComparison.Ordinal) == true && !type.IsEnum)
            RequireWhatIsRequired(type, schema);
    }

    internal static bool HasWords(Type type) =>
        type.IsEnum && type.GetCustomAttributes(typeof(JsonConverterAttribute), false).Cast<JsonConverterAttribute>()
            .Any(c => c.ConverterType?.GetGenericTypeDefinition() == typeof(EnumTextConverter<>));

    private static void DescribeWords(Type type, JsonSchema schema)
    {
        (schema.Type, schema.Format) = (JsonObjectType.String, null);
        schema.Enumeration.Clear();
        schema.EnumerationNames.Clear();
        foreach (Enum value in Enum.GetValues(type)) schema.Enumeration.Add(EnumText.Of(value));
    }

    private void RequireWhatIsRequired(Type type, JsonSchema schema)
    {
        foreach (var property in json.GetTypeInfo(type).Properties)
            if ((property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false })
                && schema.Properties.ContainsKey(property.Name))
                schema.RequiredProperties.Add(property.Name);
    }

    /// <summary>The same for examples, which Newtonsoft's library writes.</summary>
    internal sealed class WordsInExamples : Newtonsoft.Json.JsonConverter
    {
        public override bool CanRead => false;

        public override bool CanConvert(Type type) => HasWords(type);

        public override void WriteJson(Newtonsoft.Json.JsonWriter writer, object? value,
            Newtonsoft.Json.JsonSerializer serializer) => writer.WriteValue(EnumText.Of((Enum)value!));

        public override object ReadJson(Newtonsoft.Json.JsonReader reader, Type type, object? existing,
            Newtonsoft.Json.JsonSerializer serializer) =>
            throw new NotSupportedException("Examples are only written.");
    }

    private static void DescribeProblem(JsonSchema schema)
    {
        schema.Description = "Why a request was refused (RFC 9457): one sentence for people, a code for programs.";
        schema.Properties["type"].Description = "The code, such as urn:sak:invalid.";
        schema.Properties["detail"].Description = "What is wrong and what to do.";
        schema.Properties["faults"] = new JsonSchemaProperty
        {
            Type = JsonObjectType.Array,
            Item = new JsonSchema { Type = JsonObjectType.String },
            Description = "Each fault of a file or a product, at most a hundred.",
        };
        schema.Properties["traceId"] = new JsonSchemaProperty { Type = JsonObjectType.String };
        foreach (var always in new[] { "type", "title", "status" }) schema.RequiredProperties.Add(always);
    }
}
