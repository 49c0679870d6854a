using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Sak.Server.Replies;

/// <summary>
/// <see cref="IChatClient"/> over the OpenAI SDK's chat completions, as far as SAK needs it: text, tool calls, tool
/// results, usage. The package that would hold such an adapter is not in every registry.
/// </summary>
public sealed class OpenAiChat(ChatClient client) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var completion = (await client.CompleteChatAsync(messages.SelectMany(Write), Write(options),
            cancellationToken)).Value;
        var contents = completion.Content.Where(p => p.Kind == ChatMessageContentPartKind.Text)
            .Select(p => (AIContent)new TextContent(p.Text)).ToList();
        contents.AddRange(
            completion.ToolCalls.Select(
                c => new FunctionCallContent(c.Id, c.FunctionName, Arguments(c.FunctionArguments))));
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            ModelId = completion.Model,
            Usage = new UsageDetails { InputTokenCount = completion.Usage?.InputTokenCount,
                OutputTokenCount = completion.Usage?.OutputTokenCount },
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var whole = await GetResponseAsync(messages, options, cancellationToken);
        foreach (var update in whole.ToChatResponseUpdates()) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The SDK's client shares one HttpClient for the process; there is nothing of its own to close.
    }

    private static IEnumerable<OpenAI.Chat.ChatMessage> Write(ChatMessage message)
    {
        if (message.Role == ChatRole.System)
        {
            yield return new SystemChatMessage(message.Text);
        }
        else if (message.Role == ChatRole.User)
        {
            yield return new UserChatMessage(message.Text);
        }
        else if (message.Role == ChatRole.Tool)
        {
            foreach (var result in message.Contents.OfType<FunctionResultContent>())
                yield return new ToolChatMessage(result.CallId, $"{result.Result}");
        }
        else
        {
            var calls = message.Contents.OfType<FunctionCallContent>()
                .Select(c =>
                    ChatToolCall.CreateFunctionToolCall(c.CallId, c.Name, BinaryData.FromObjectAsJson(c.Arguments)))
                    .ToList();
            yield return calls.Count > 0 ? new AssistantChatMessage(calls) : new AssistantChatMessage(message.Text);
        }
    }

    private static ChatCompletionOptions Write(ChatOptions? options)
    {
        var written = new ChatCompletionOptions { MaxOutputTokenCount = options?.MaxOutputTokens };
        foreach (var tool in options?.Tools?.OfType<AIFunctionDeclaration>() ?? [])
            written.Tools.Add(
                ChatTool.CreateFunctionTool(tool.Name, tool.Description,
                    BinaryData.FromString(tool.JsonSchema.GetRawText())));
        return written;
    }

    private static Dictionary<string, object?>? Arguments(BinaryData json) =>
        JsonSerializer.Deserialize<Dictionary<string, object?>>(json);
}
