using Microsoft.Extensions.Logging;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>Asks the cloud what a customer wants, or the reader on this PC when the cloud can't answer.</summary>
/// <param name="cloud">Null: the shop works without a cloud.</param>
public sealed class Repliers(IReplier? cloud, IReplier offline, ILogger<Repliers> log)
{
    /// <summary>The reader on this PC.</summary>
    public IReplier Offline => offline;

    /// <param name="catalogIsAhead">This PC has products or prices that the cloud does not have yet.</param>
    public async Task<Reply> AskAsync(ProcessMessageRequest question, bool catalogIsAhead, CancellationToken cancel)
    {
        if (cloud is not null && WhoAnswers.MayAskCloud(catalogIsAhead, question.Messages.Count))
        {
            try
            {
                var reply = await cloud.ReplyAsync(question, cancel);
                // A reader's text is composed on this PC, where the order number is; only a model's text is its own.
                return reply.By == Reply.ByModel ? reply : reply with { Text = "" };
            }
            catch (Exception error) when (error is CloudUnavailableException or CloudRefusedException)
            {
                log.LogInformation("Answering turn {Turn} from this PC: {Reason}", question.TurnId, error.Message);
            }
        }

        return await offline.ReplyAsync(question, cancel);
    }
}
