using Sak.Sync.Model;

namespace Sak.Server.Replies;

/// <summary>
/// The form of a model's answer, for providers that hold a model to a JSON schema (Model:StrictJson). They want every
/// field named as required, so one that may be left out is null here. What <see cref="ModelAnswer"/> accepts does not
/// depend on it.
/// </summary>
internal static class ReplySchema
{
    public static string Text { get; } = $$$$$$$$"""
        {"type":"object","additionalProperties":false,"required":["text","language","intents"],"properties":{
        "text":{"type":"string"},"language":{"type":"string"},"intents":{"type":"array","items":{"type":"object",
        "additionalProperties":false,"required":["kind","sku","quantity","unit","words","candidates"],"properties":{
        "kind":{"type":"string","enum":[{{{{{{{{Kinds}}}}}}}}]},"sku":{"type":["string","null"]},
        "quantity":{"type":["number","null"]},"unit":{"type":["string","null"]},"words":{"type":"string"},
        "candidates":{"type":"array","items":{"type":"string"}}}}}}}
        """;

    private static string Kinds => string.Join(',', Enum.GetValues<IntentKind>().Select(kind => $"\"{kind.Text()}\""));
}
