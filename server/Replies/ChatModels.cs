using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Anthropic;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI;
using Sak.Server.Settings;
using ChatResponseFormat = OpenAI.Chat.ChatResponseFormat;

namespace Sak.Server.Replies;

/// <summary>
/// The only place that knows the providers' SDKs: from the settings to a chat of Semantic Kernel. Each talk has a
/// client of its own over the shared connections, because the meter beneath it counts one talk.
/// </summary>
public sealed class ChatModels(ServerSettings settings) : IDisposable
{
    // An answer that is not read to its end is not drained either: its connection closes. A redirection would carry
    // the key to another host. New connections are made now and then, because a provider may move to another address.
    private readonly SocketsHttpHandler _wire = new()
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxResponseDrainSize = 0, AllowAutoRedirect = false,
    };

    private readonly ModelSettings _model = settings.Model;

    public bool Any => _model.Provider != ServerSettings.None;

    public TalkMeter NewMeter() => new(_wire, _model);

    public IChatCompletionService Open(TalkMeter meter)
    {
        // The deadline is the talk's own, over all of its requests.
        var http = new HttpClient(meter, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        return _model.Provider == ServerSettings.OpenAi
            ? new OpenAIChatCompletionService(_model.Name, OverOpenAi(http))
            : OverAnthropic(http).AsIChatClient(_model.Name, _model.MaxOutputTokens).AsBuilder()
                .UseKernelFunctionInvocation().Build().AsChatCompletionService();
    }

    /// <summary>How the model is asked, with all functions of the kernel as its tools.</summary>
    public PromptExecutionSettings Asking() => _model.Provider == ServerSettings.OpenAi
        ? new OpenAIPromptExecutionSettings
        {
            FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(), MaxTokens = _model.MaxOutputTokens,
            ResponseFormat = _model.StrictJson
                ? ChatResponseFormat.CreateJsonSchemaFormat("reply", BinaryData.FromString(ReplySchema.Text),
                    jsonSchemaIsStrict: true)
                : null,
        }
        : new PromptExecutionSettings
        {
            FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(),
            ExtensionData = _model.StrictJson
                ? new Dictionary<string, object> { ["response_format"] = JsonElement.Parse(ReplySchema.Text) }
                : null,
        };

    public void Dispose() => _wire.Dispose();

    // The SDK's own silent retries would outlast the customer's patience; the reader is the retry.
    private OpenAIClient OverOpenAi(HttpClient http)
    {
        var options = new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan, Transport = new HttpClientPipelineTransport(http) };
        if (_model.Endpoint.Length > 0) options.Endpoint = new Uri(_model.Endpoint);
        return new OpenAIClient(new ApiKeyCredential(_model.Key), options);
    }

    private AnthropicClient OverAnthropic(HttpClient http)
    {
        // The SDK wants a timeout of its own; the talk's deadline comes before it.
        var options = new Anthropic.Core.ClientOptions { ApiKey = _model.Key, MaxRetries = 0, HttpClient = http,
            Timeout = TimeSpan.FromSeconds(2 * _model.Seconds) };
        if (_model.Endpoint.Length > 0) options.BaseUrl = _model.Endpoint;
        return new AnthropicClient(options);
    }
}
