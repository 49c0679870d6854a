using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sak.Tools.FakeOpenAi;

/// <summary>OpenAI's chat completions, as far as the stub needs them.</summary>
internal static class OpenAiWire
{
    public static FakeTalk Read(JsonNode body)
    {
        var messages = body["messages"]!.AsArray();
        var calls = messages.SelectMany(m => m!["tool_calls"]?.AsArray() ?? [])
            .ToDictionary(c => c!["id"]!.GetValue<string>(), c => c!["function"]!);
        var results = messages.Where(m => Role(m) == "tool").Select(m =>
        {
            var call = calls[m!["tool_call_id"]!.GetValue<string>()];
            return new FakeResult(call["name"]!.GetValue<string>(),
                JsonNode.Parse(call["arguments"]!.GetValue<string>())!, Text(m["content"]));
        });
        var tools = (body["tools"]?.AsArray() ?? []).Select(t => t!["function"]!["name"]!.GetValue<string>());
        return Talk(Text(messages.Last(m => Role(m) == "user")!["content"]), [.. results], [.. tools]);
    }

    public static JsonNode Write(FakeAnswer answer)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text };
        if (answer.Calls.Count > 0)
            message["tool_calls"] = new JsonArray([.. answer.Calls.Select(c => new JsonObject
            {
                ["id"] = $"call_{Guid.NewGuid():N}",
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = c.Tool, ["arguments"] = c.Arguments.ToJsonString() },
            })]);
        return new JsonObject
        {
            ["id"] = "chatcmpl-fake",
            ["object"] = "chat.completion",
            ["created"] = 1_700_000_000,
            ["model"] = "fake",
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0, ["message"] = message,
                ["finish_reason"] = answer.Calls.Count > 0 ? "tool_calls" : "stop",
            }),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 100, ["completion_tokens"] = 20, ["total_tokens"] = 120 },
        };
    }

    /// <summary>The customer's text from the JSON that the server sends, or the text itself.</summary>
    internal static FakeTalk Talk(string user, IReadOnlyList<FakeResult> results, IReadOnlyList<string> tools)
    {
        try
        {
            var data = JsonNode.Parse(user)!;
            var texts = data["messages"]!.AsArray().Select(m => m!["text"]!.GetValue<string>());
            return new FakeTalk([.. texts], data["awaiting"]?.GetValue<string>() ?? "", results, tools);
        }
        catch (JsonException)
        {
            return new FakeTalk([user], "", results, tools);
        }
    }

    internal static string Text(JsonNode? content) =>
        content switch
        {
            null => "",
            JsonArray parts => string.Concat(parts.Select(p => p!["text"]?.GetValue<string>())),
            _ => content.GetValue<string>(),
        };

    internal static string Role(JsonNode? message) => message!["role"]!.GetValue<string>();
}

/// <summary>Anthropic's messages, as far as the stub needs them.</summary>
internal static class AnthropicWire
{
    public static FakeTalk Read(JsonNode body)
    {
        var messages = body["messages"]!.AsArray();
        var blocks = messages.SelectMany(m => m!["content"] as JsonArray ?? []).ToList();
        var calls = blocks.Where(b => Type(b) == "tool_use").ToDictionary(b => b!["id"]!.GetValue<string>(), b => b!);
        var results = blocks.Where(b => Type(b) == "tool_result").Select(b =>
        {
            var call = calls[b!["tool_use_id"]!.GetValue<string>()];
            return new FakeResult(call["name"]!.GetValue<string>(), call["input"]!, OpenAiWire.Text(b["content"]));
        });
        var tools = (body["tools"]?.AsArray() ?? []).Select(t => t!["name"]!.GetValue<string>());
        return OpenAiWire.Talk(OpenAiWire.Text(messages.First(m => OpenAiWire.Role(m) == "user")!["content"]),
            [.. results], [.. tools]);
    }

    public static JsonNode Write(FakeAnswer answer)
    {
        var content = new JsonArray([.. answer.Calls.Select(c => new JsonObject
        {
            ["type"] = "tool_use", ["id"] = $"toolu_{Guid.NewGuid():N}", ["name"] = c.Tool,
            ["input"] = c.Arguments.DeepClone(),
        })]);
        if (answer.Text is not null) content.Add(new JsonObject { ["type"] = "text", ["text"] = answer.Text });
        return new JsonObject
        {
            ["id"] = "msg_fake",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = "fake",
            ["content"] = content,
            ["stop_reason"] = answer.Calls.Count > 0 ? "tool_use" : "end_turn",
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject { ["input_tokens"] = 100, ["output_tokens"] = 20 },
        };
    }

    private static string Type(JsonNode? block) => block!["type"]!.GetValue<string>();
}
