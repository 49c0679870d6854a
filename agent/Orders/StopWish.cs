using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>Whether a customer wants messages from the shop: the last "stop" or "start" of a turn.</summary>
internal enum StopWish { None, Stop, Start }

/// <summary>
/// Finds "stop" and "start". Each message is read by itself, whoever answers the turn: a "stop" must not be lost among
/// other words, nor by a model, nor because the owner or another PC was quicker.
/// </summary>
internal static class StopWishes
{
    public static async Task<StopWish> ReadAsync(ProcessMessageRequest question, OfflineReplier reader,
        CancellationToken cancel)
    {
        var wish = StopWish.None;
        foreach (var message in question.Messages)
        {
            if (StopWords.IsStart(message.Text)) wish = StopWish.Start;
            else if (StopWords.MayBeStop(message.Text) && IsStop(
                await reader.ReplyAsync(question with { Messages = [message], Basket = BasketState.Empty }, cancel)))
                wish = StopWish.Stop;
        }

        return wish;
    }

    public static bool IsStop(Reply reply) => reply.Intents.Any(i => i.Kind == IntentKind.Stop);

    /// <summary>By the plain words alone, for a turn that could not be read.</summary>
    public static StopWish OfPlainWords(IEnumerable<TurnMessage> messages) =>
        messages.Select(m => StopWords.IsStart(m.Text) ? StopWish.Start
            : StopWords.IsStop(m.Text) ? StopWish.Stop : StopWish.None)
            .LastOrDefault(w => w != StopWish.None);
}
