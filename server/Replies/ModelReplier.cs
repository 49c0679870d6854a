using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Sak.Server.Replies.Plugins;
using Sak.Server.Settings;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>What a talk with a model gave and took.</summary>
/// <param name="Reply">Null when it failed; then <paramref name="Failure"/> says why.</param>
public sealed record ModelRun(Reply? Reply, TalkFailure? Failure, long InputTokens, long OutputTokens);

/// <summary>
/// Asks a model, which looks things up by the plugins, in a talk that is bounded in rounds, tokens, bytes and time.
/// The tokens that the talk took are returned in every case.
/// </summary>
public sealed class ModelReplier(ChatModels models, ServerSettings settings, TimeProvider clock)
{
    private static readonly string Prompt = ReadPrompt();

    // Compact, and letters of every script as they are: indented and escaped text costs several times the tokens.
    private static readonly JsonSerializerOptions Json = new(AIJsonUtilities.DefaultOptions)
    {
        WriteIndented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private readonly ModelSettings _model = settings.Model;

    public async Task<ModelRun> RunAsync(ProcessMessageRequest request, ICatalogSearch catalog, PriceRules rules,
        CancellationToken cancel)
    {
        var most = Patience(request);
        using var deadline = new CancellationTokenSource(most, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        var (meter, tools) = (models.NewMeter(), new ToolBounds(_model, Json));
        try
        {
            var answer = await TalkAsync(meter, tools, Plugins(request, catalog, rules), request, both.Token);
            var (text, language, intents) = await ModelAnswer.ReadAsync(answer, request, catalog, both.Token);
            var cost = new ReplyCost(_model.Name, tools.Calls, meter.InputTokens, meter.OutputTokens);
            return Ran(new Reply(text, intents, language, Reply.ByModel, cost), null);
        }
        catch (Exception e)
        {
            return Ran(null, deadline.IsCancellationRequested ? TooSlow($"it took longer than {Seconds(most)} s")
                : cancel.IsCancellationRequested ? TooSlow("whoever asked for the reply waits no longer")
                : TalkFailure.Of(e, meter.Refusal, _model));
        }

        ModelRun Ran(Reply? reply, TalkFailure? failure) => new(reply, failure, meter.InputTokens, meter.OutputTokens);
    }

    // A fifth of the asker's patience is left for the reader and the way back.
    private TimeSpan Patience(ProcessMessageRequest request) =>
        TimeSpan.FromSeconds(Math.Min(_model.Seconds, 0.8 * (request.PatienceSeconds ?? double.MaxValue)));

    private static TalkFailure TooSlow(string why) => new(ModelFailure.TooSlow, why);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);

    private async Task<string> TalkAsync(TalkMeter meter, ToolBounds tools, IEnumerable<KernelPlugin> plugins,
        ProcessMessageRequest request, CancellationToken cancel)
    {
        var kernel = new Kernel();
        kernel.Plugins.AddRange(plugins);
        kernel.AutoFunctionInvocationFilters.Add(tools);
        var said = await models.Open(meter)
            .GetChatMessageContentAsync(Messages(request), models.Asking(), kernel, cancel);
        if (tools.Ended is { } ended) throw ended;
        return said.Content ?? "";
    }

    private static IEnumerable<KernelPlugin> Plugins(ProcessMessageRequest request, ICatalogSearch catalog,
        PriceRules rules)
    {
        yield return new PlainNames(new CatalogPlugin(catalog, rules));
        yield return new PlainNames(new OrderPlugin(request.LastOrder));
    }

    private static ChatHistory Messages(ProcessMessageRequest request)
    {
        // One JSON object: what the customer wrote stays between quotes and can't pose as anything else.
        var data = JsonSerializer.Serialize(
            new
            {
                messages = request.Messages.Select(m => new { m.Kind, m.Text, m.Before, m.Forwarded, m.Quoted }),
                history = request.History,
                basket = request.Basket.Lines.Select(l => new { l.Sku, l.Quantity, l.Unit }),
                // Spelled here: the library's own converter of enums would write "Product".
                open = request.Basket.Open.Select(
                    o => new { Asks = o.Asks.Text(), o.Words, o.Sku, o.Candidates }),
                awaiting = request.Basket.Awaiting.Text(),
                discussed = request.Basket.Discussed,
                language = request.Language,
                customersWords = request.Words,
            },
            Json);
        var history = new ChatHistory(Prompt);
        history.AddUserMessage(data);
        return history;
    }

    private static string ReadPrompt()
    {
        using var stream = typeof(ModelReplier).Assembly.GetManifestResourceStream(
            "Sak.Server.Replies.ReplyPrompt.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
