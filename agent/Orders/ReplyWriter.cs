using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Sync.Answering;

namespace Sak.Agent.Orders;

/// <summary>
/// Composes each reply that leaves, and checks every figure in it. A figure that is not the shop's never leaves: a
/// model's text gives way to SAK's template, and a template that fails (no known message makes it fail) to a sentence
/// without a figure. Both are counted and shown to the owner.
/// </summary>
internal sealed class ReplyWriter(TimeProvider clock, ILogger log)
{
    private const string Counter = "price lock";

    public string Write(SqliteConnection connection, ReplyFacts facts, Guid customerId)
    {
        var text = ReplyText.Compose(facts);
        var verdict = PriceLock.Check(text, facts);
        if (verdict.Passes) return text;
        NoteStopped(connection, verdict, customerId);
        if (facts.Reply.Text.Length == 0) return ReplyText.ByAPerson(facts);
        facts = facts with { Reply = facts.Reply with { Text = "" } };
        text = ReplyText.Compose(facts);
        return PriceLock.Check(text, facts).Passes ? text : ReplyText.ByAPerson(facts);
    }

    private void NoteStopped(SqliteConnection connection, LockVerdict verdict, Guid customerId)
    {
        log.LogWarning("The price lock stopped a reply that held {Figures}", string.Join(", ", verdict.Foreign));
        Counters.Next(connection, Counter);
        Troubles.Raise(
            connection,
            $"A reply to {Customers.Name(connection, customerId)} held a figure or a promise that is not the "
                + "shop's and was not sent.",
            "The customer got SAK's plain answer instead. Look at the chat; if it goes on, change the model or its "
                + "settings.", clock);
    }
}
