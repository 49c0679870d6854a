using System.Net;
using System.Text.Json;
using Sak.Server.Replies.Plugins;
using Sak.Server.Settings;

namespace Sak.Server.Replies;

/// <summary>
/// Beneath the provider's SDK, the requests and answers of one talk. It counts the tokens of each answer as it comes,
/// so that a talk that fails later is counted too, cuts an answer that is too large, and ends a talk that asks too
/// often: the tools' own filter does not see calls of tools that do not exist.
/// </summary>
/// <param name="wire">Shared by all talks; it outlives this one.</param>
public sealed class TalkMeter(HttpMessageHandler wire, ModelSettings bounds) : DelegatingHandler(wire)
{
    /// <summary>Bytes of an answer; a reply of a few hundred tokens takes some thousand.</summary>
    public const int MaxAnswer = 1024 * 1024;

    private int _requests;

    public long InputTokens { get; private set; }
    public long OutputTokens { get; private set; }

    /// <summary>The provider's status when it refused the last request.</summary>
    public HttpStatusCode? Refusal { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        // The first request is the customer's turn, each further one follows a round of tool calls.
        if (_requests++ > bounds.MaxToolRounds) throw ToolBounds.TooManyRounds(bounds);
        var answer = await base.SendAsync(request, cancel);
        try
        {
            await ReadAsync(answer, cancel);
            return answer;
        }
        catch
        {
            // Not read to its end, it closes the connection.
            answer.Dispose();
            throw;
        }
    }

    private async Task ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        Refusal = answer.IsSuccessStatusCode ? null : answer.StatusCode;
        try
        {
            await answer.Content.LoadIntoBufferAsync(MaxAnswer, cancel);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new InvalidDataException($"the provider's answer is larger than {MaxAnswer} bytes");
        }

        if (answer.IsSuccessStatusCode) Count(await answer.Content.ReadAsStreamAsync(cancel));
    }

    // OpenAI writes prompt_tokens and completion_tokens, Anthropic input_tokens and output_tokens. The SDK reports an
    // answer that is no JSON; here it only has no usage.
    private void Count(Stream answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("usage", out var usage)
                || usage.ValueKind != JsonValueKind.Object) return;
            InputTokens += Number(usage, "prompt_tokens") + Number(usage, "input_tokens");
            OutputTokens += Number(usage, "completion_tokens") + Number(usage, "output_tokens");
        }
        catch (JsonException)
        {
            return;
        }
        finally
        {
            answer.Position = 0;
        }
    }

    // A provider's nonsense must not give tokens back or overflow the sum.
    private static long Number(JsonElement usage, string name) =>
        usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number) ? Math.Max(number, 0) : 0;
}
