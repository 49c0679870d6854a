using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sak.Tests.Support;

/// <summary>
/// An answer of a model provider. OpenAI's and Anthropic's forms are in one object: each SDK reads its own fields. It
/// took 100 tokens in and 20 out.
/// </summary>
internal static class ProviderAnswer
{
    public static JsonObject Text(string text) => Of(text, []);

    /// <param name="calls">Tools with their arguments as JSON.</param>
    public static JsonObject Calls(params (string Name, string Arguments)[] calls) => Of(null, calls);

    public static Task WriteAsync(HttpContext http, JsonObject answer)
    {
        var whole = answer.DeepClone();
        whole["usage"] = http.Request.Path.Value!.EndsWith("/completions", StringComparison.Ordinal)
            ? new JsonObject { ["prompt_tokens"] = 100, ["completion_tokens"] = 20, ["total_tokens"] = 120 }
            : new JsonObject { ["input_tokens"] = 100, ["output_tokens"] = 20 };
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(whole.ToJsonString(), http.RequestAborted);
    }

    private static JsonObject Of(string? text, (string Name, string Arguments)[] calls)
    {
        var answer = JsonNode.Parse("""
            {"id":"1","type":"message","object":"chat.completion","created":1,"model":"stub","role":"assistant",
            "stop_sequence":null}
            """)!.AsObject();
        var blocks = calls.Select((c, i) => new JsonObject { ["type"] = "tool_use", ["id"] = $"c{i}", ["name"] = c.Name,
            ["input"] = JsonNode.Parse(c.Arguments) });
        var functions = calls.Select((c, i) => new JsonObject { ["id"] = $"c{i}", ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = c.Name, ["arguments"] = c.Arguments } });
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text };
        if (calls.Length > 0) message["tool_calls"] = new JsonArray([.. functions]);
        answer["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message,
            ["finish_reason"] = calls.Length > 0 ? "tool_calls" : "stop" });
        answer["content"] = text is null ? new JsonArray([.. blocks])
            : new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text });
        answer["stop_reason"] = calls.Length > 0 ? "tool_use" : "end_turn";
        return answer;
    }
}
