using Sak.Sync.Reading.Message;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>Who answers a turn.</summary>
internal enum Answerer
{
    Sak,

    /// <summary>The owner talks to the customer; SAK reads along and keeps the order as a draft.</summary>
    Owner,

    /// <summary>It is too late for an automatic answer; the owner sees the turn.</summary>
    OwnerTooLate,

    /// <summary>The customer wrote "stop" and no "start" since.</summary>
    NobodyAfterStop,

    /// <summary>Another PC of the shop has answered it.</summary>
    OtherPc,

    /// <summary>The turn has no message left.</summary>
    NobodyWithoutMessage,
}

/// <summary>The facts about a turn's chat that decide who answers.</summary>
/// <param name="OtherPcAnswered">After the turn's newest message.</param>
/// <param name="OwnerHasChat">The owner answers this chat now.</param>
/// <param name="OwnerWroteAfter">The owner wrote after the turn's newest message.</param>
internal sealed record ChatFacts(bool HasStopped, bool OtherPcAnswered, bool OwnerHasChat, bool OwnerWroteAfter);

/// <summary>Decides who answers a turn, and which reader reads it. Pure.</summary>
internal static class WhoAnswers
{
    public static Answerer Decide(IReadOnlyList<TurnMessage> messages, ChatFacts chat, DateTimeOffset now,
        TimeSpan tooOld)
    {
        // Its only message could not be read at first. Since it can, it is part of a later turn.
        if (messages.Count == 0) return Answerer.NobodyWithoutMessage;
        if (chat.HasStopped && !messages.Any(m => StopWords.IsStart(m.Text))) return Answerer.NobodyAfterStop;
        if (chat.OtherPcAnswered) return Answerer.OtherPc;
        if (now - messages.Max(m => m.SentAt) > tooOld) return Answerer.OwnerTooLate;
        return chat.OwnerHasChat || chat.OwnerWroteAfter ? Answerer.Owner : Answerer.Sak;
    }

    /// <summary>
    /// True when the cloud may read the turn. It must know this PC's products and prices, and it takes a limited number
    /// of messages; after an outage a turn may have more.
    /// </summary>
    public static bool MayAskCloud(bool catalogIsAhead, int messages) =>
        !catalogIsAhead && messages <= Protocol.MaxMessages;
}
