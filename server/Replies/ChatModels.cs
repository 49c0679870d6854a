using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Sak.Server.Settings;

namespace Sak.Server.Replies;

/// <summary>
/// The only place that knows model SDKs: a setting becomes an <see cref="IChatClient"/>, or null for no model.
/// </summary>
public sealed class ChatModels(ServerSettings settings) : IDisposable
{
    private readonly IChatClient? _client = New(settings.Model);

    public IChatClient? Client => _client;

    public void Dispose() => _client?.Dispose();

    private static IChatClient? New(ModelSettings model) =>
        model.Provider switch
        {
            ServerSettings.OpenAi =>
                new OpenAiChat(new ChatClient(model.Name, new ApiKeyCredential(model.Key), OpenAiOptions(model))),
            ServerSettings.Anthropic => NewAnthropic(model).AsIChatClient(model.Name, model.MaxOutputTokens),
            _ => null,
        };

    // The SDK's own three silent retries would outlast the customer's patience; the reader is the retry.
    private static OpenAIClientOptions OpenAiOptions(ModelSettings model)
    {
        var options = new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = TimeSpan.FromSeconds(model.Seconds) };
        if (model.Endpoint.Length > 0) options.Endpoint = new Uri(model.Endpoint);
        return options;
    }

    private static AnthropicClient NewAnthropic(ModelSettings model)
    {
        var options = new Anthropic.Core.ClientOptions { ApiKey = model.Key, MaxRetries = 0,
            Timeout = TimeSpan.FromSeconds(model.Seconds) };
        if (model.Endpoint.Length > 0) options.BaseUrl = model.Endpoint;
        return new AnthropicClient(options);
    }
}
