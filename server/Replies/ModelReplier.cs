using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Sak.Server.Settings;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>What a model run gave and took.</summary>
/// <param name="Reply">Null when it failed; then <paramref name="Failure"/> says why.</param>
public sealed record ModelRun(Reply? Reply, string? Failure, long Tokens);

/// <summary>
/// Asks a model in a loop that is bounded in rounds, tokens and time. Never throws but for the caller's own
/// cancellation.
/// </summary>
public sealed class ModelReplier(ServerSettings settings, TimeProvider clock)
{
    private static readonly string Prompt = ReadPrompt();

    // Compact, and letters of every script as they are: indented and escaped text costs several times the tokens.
    private static readonly JsonSerializerOptions Json = new(AIJsonUtilities.DefaultOptions)
    {
        WriteIndented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public async Task<ModelRun> RunAsync(IChatClient model, ProcessMessageRequest request, ICatalogSearch catalog,
        PriceRules rules, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(settings.Model.Seconds), clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        var talk = new Talk(model, Tools(request, catalog, rules), settings.Model);
        try
        {
            var answer = await talk.RunAsync(Messages(request), both.Token);
            var (text, language, intents) = await ModelAnswer.ReadAsync(answer, request, catalog, both.Token);
            var cost = new ReplyCost(settings.Model.Name, talk.ToolCalls, talk.InputTokens, talk.OutputTokens);
            return new ModelRun(new Reply(text, intents, language, "model", cost), null, talk.Tokens);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            // Two SDKs, an HTTP stack and a model: whatever failed, the customer gets the reader's answer and the log
            // the reason.
            var why = deadline.IsCancellationRequested ? $"it took longer than {settings.Model.Seconds} s" : Reason(e);
            return new ModelRun(null, why, talk.Tokens);
        }
    }

    private string Reason(Exception e)
    {
        var cause = e.GetBaseException();
        var text = $"{cause.GetType().Name}: {cause.Message.ReplaceLineEndings(" ")}";
        if (settings.Model.Key.Length > 0) text = text.Replace(settings.Model.Key, "***");
        return text.Length <= 300 ? text : text[..300];
    }

    private static List<ChatMessage> Messages(ProcessMessageRequest request)
    {
        // One JSON object: what the customer wrote stays between quotes and can't pose as anything else.
        var data = JsonSerializer.Serialize(
            new
            {
                messages = request.Messages.Select(m => new { m.Kind, m.Text, m.Before, m.Forwarded }),
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
        return [new ChatMessage(ChatRole.System, Prompt), new ChatMessage(ChatRole.User, data)];
    }

    private static List<AIFunction> Tools(ProcessMessageRequest request, ICatalogSearch catalog, PriceRules rules)
    {
        var products = new CatalogPlugin(catalog, rules);
        var orders = new OrderPlugin(request.LastOrder);
        AIFunction Tool(Delegate method, string name) =>
            AIFunctionFactory.Create(method, new AIFunctionFactoryOptions { Name = name, SerializerOptions = Json });
        return
        [
            Tool(products.SearchCatalogAsync, "search_catalog"),
            Tool(products.PriceForQuantityAsync, "price_for_quantity"),
            Tool(products.StockAsync, "stock"),
            Tool(orders.LastOrder, "last_order"),
        ];
    }

    private static string ReadPrompt()
    {
        using var stream = typeof(ModelReplier).Assembly.GetManifestResourceStream(
            "Sak.Server.Replies.ReplyPrompt.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>One conversation with the model, and what it took so far.</summary>
    private sealed class Talk(IChatClient model, List<AIFunction> tools, ModelSettings bounds)
    {
        private const int CallsInRound = 20;
        private const int MaxResult = 8_000;

        public int ToolCalls { get; private set; }
        public long InputTokens { get; private set; }
        public long OutputTokens { get; private set; }
        public long Tokens => InputTokens + OutputTokens;

        public async Task<string> RunAsync(List<ChatMessage> messages, CancellationToken cancel)
        {
            var options = new ChatOptions { MaxOutputTokens = bounds.MaxOutputTokens, Tools = [.. tools] };
            for (var round = 0; round <= bounds.MaxToolRounds; round++)
            {
                var response = await model.GetResponseAsync(messages, options, cancel);
                InputTokens += response.Usage?.InputTokenCount ?? 0;
                OutputTokens += response.Usage?.OutputTokenCount ?? 0;
                var calls = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
                if (calls.Count == 0) return response.Text;
                if (calls.Count > CallsInRound)
                    throw new InvalidDataException($"the model asked for {calls.Count} tool calls at once");
                messages.AddRange(response.Messages);
                foreach (var call in calls)
                    messages.Add(
                        new ChatMessage(ChatRole.Tool,
                            [new FunctionResultContent(call.CallId, await CallAsync(call, cancel))]));
            }

            throw new InvalidDataException($"the model asked for tools more than {bounds.MaxToolRounds} times");
        }

        private async Task<string> CallAsync(FunctionCallContent call, CancellationToken cancel)
        {
            ToolCalls++;
            if (tools.Find(t => t.Name == call.Name) is not { } tool) return $"There is no tool {call.Name}.";
            try
            {
                var result = $"{await tool.InvokeAsync(new AIFunctionArguments(call.Arguments), cancel)}";
                return result.Length <= MaxResult ? result : result[..MaxResult];
            }
            catch (Exception e) when (e is ArgumentException or JsonException or FormatException
                or InvalidCastException)
            {
                // The model's own mistake, told to the model.
                return $"The arguments are wrong: {e.Message}";
            }
        }
    }
}
