using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Sync.Answering;
using Sak.Sync.Model;

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
        facts = facts with { Reply = facts.Reply with { Text = ModelText(connection, facts, customerId) } };
        var text = ReplyText.Compose(facts);
        var verdict = PriceLock.Check(text, facts);
        if (verdict.Passes) return text;
        NoteStopped(connection, string.Join(", ", verdict.Foreign), customerId);
        if (facts.Reply.Text.Length == 0) return ReplyText.ByAPerson(facts);
        facts = facts with { Reply = facts.Reply.WithoutWords() };
        text = ReplyText.Compose(facts);
        return PriceLock.Check(text, facts).Passes ? text : ReplyText.ByAPerson(facts);
    }

    // A model's words are judged here once more, whatever the server let through; the facts in them are this PC's.
    private string ModelText(SqliteConnection connection, ReplyFacts facts, Guid customerId)
    {
        if (facts.Reply.Model?.WordsFault is { } refused) NoteStopped(connection, refused, customerId);
        if (facts.Reply.Slotted is not { Length: > 0 } slotted) return "";
        if (ModelWords.Fault(slotted, facts.Reply.Language) is not { } fault) return Slots.Fill(slotted, facts) ?? "";
        NoteStopped(connection, fault.Text(), customerId);
        return "";
    }

    private void NoteStopped(SqliteConnection connection, string what, Guid customerId)
    {
        log.LogWarning("A reply was not sent as it was written: {What}", what);
        Counters.Next(connection, Counter);
        Troubles.Raise(
            connection,
            $"A reply to {Customers.Name(connection, customerId)} held a figure or a promise that is not the "
                + "shop's and was not sent.",
            "The customer got SAK's plain answer instead. Look at the chat; if it goes on, change the model or its "
                + "settings.", clock);
    }
}
