using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// The version of every request and response of agent ⇄ server. A server answers 426 to a version it does not know.
/// </summary>
public static class Protocol
{
    public const int Version = SyncHead.CurrentProtocol;

    /// <summary>Largest sync request body, in bytes after decompression.</summary>
    public const int MaxSyncBody = 32 * 1024 * 1024;

    /// <summary>
    /// Most changes in one batch (a local transaction is never cut, so one huge transaction may exceed it).
    /// </summary>
    public const int BatchChanges = 5_000;

    /// <summary>Rows between two places at which a first load may be cut and go on.</summary>
    public const int PageRows = 5_000;

    public const string ContentType = "application/x-ndjson";

    /// <summary>Lines under the header of a catalog or price-rule file that the server takes at once.</summary>
    public const int MaxFileLines = 100_000;

    // What a request to process-message and its reply hold at most. The agent cuts or does not ask, the server refuses.

    /// <summary>Largest body of process-message, in bytes.</summary>
    public const int MaxTurnBody = 1024 * 1024;

    /// <summary>Messages in one turn.</summary>
    public const int MaxMessages = 20;

    /// <summary>Characters of a message, before and after an edit, and of a line's words.</summary>
    public const int MaxMessageText = 4_000;

    /// <summary>Earlier exchanges of the chat that go with a turn.</summary>
    public const int MaxPastTurns = 6;

    /// <summary>Characters of each side of an earlier exchange; the server takes those of a message.</summary>
    public const int MaxPastText = 1_000;

    /// <summary>Lines of a basket and of an order.</summary>
    public const int MaxBasketLines = 100;

    /// <summary>A customer's own words for products.</summary>
    public const int MaxCustomerWords = 2_000;

    /// <summary>Characters of an id, a SKU, a unit, a kind, a language or a customer's own word.</summary>
    public const int MaxShortText = 300;

    /// <summary>Characters of a reply.</summary>
    public const int MaxReplyText = 4_000;

    /// <summary>Intents of a reply.</summary>
    public const int MaxIntents = 100;
}
