namespace Sak.Agent.Chats;

/// <summary>Why a reply that waits must not go out any more. Pure.</summary>
internal static class HeldBack
{
    /// <param name="turn">The state of the reply's turn; the owner's own words have a turn of the owner.</param>
    /// <param name="since">What was written in the chat on the phone or by another PC since the
    /// reply was queued.</param>
    /// <returns>Half a sentence for the owner; null when the reply may go.</returns>
    public static string? Why(DateTimeOffset queuedAt, ChatControl chat, TurnState turn,
        IReadOnlyList<ShopMessage> since, DateTimeOffset now)
    {
        if (chat.HasStopped) return "the customer wants no more messages";
        if (turn == TurnState.Owner) return null;
        if (since.Any(m => m.Kind == MessageKind.Sak)) return "another PC of the shop has answered";
        if (chat.TakenAt >= queuedAt && chat.OwnerUntil > now) return "you took the chat over";
        return since.Any(m => m.SentAt > chat.ResumedAt) ? "you were writing yourself" : null;
    }
}
