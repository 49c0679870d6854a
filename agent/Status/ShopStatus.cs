using Sak.Agent.Loops;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Status;

/// <summary>Immutable picture of the shop at one moment: all that the dashboard draws.</summary>
/// <param name="Today">Local date of the PC; counts are of this day.</param>
public sealed record ShopStatus(
    string Shop,
    DateTimeOffset Now,
    WhatsAppState WhatsApp,
    string WhatsAppDetail,
    string LoginCode,
    CloudStatus Cloud,
    TodayCounts Today,
    IReadOnlyList<OrderSummary> Orders,
    IReadOnlyList<ChatRow> Chats,
    IReadOnlyList<ProductSummary> Catalog,
    IReadOnlyList<LogRow> Log,
    IReadOnlyList<Trouble> Troubles)
{
    /// <summary>What customers call the products.</summary>
    public IReadOnlyList<WordRow> Words { get; init; } = [];
}

/// <param name="Unsynced">Changes that wait for the cloud.</param>
public sealed record CloudStatus(CloudState State, string Detail, DateTimeOffset? LastContact, int Unsynced,
    int Parked);

/// <param name="Waiting">Messages captured and not yet answered.</param>
/// <param name="Ignored">Groups, broadcasts and status posts.</param>
public sealed record TodayCounts(int Messages, int Waiting, int Replies, int Queued, int Orders, string Revenue,
    int Ignored);

public sealed record OrderSummary(string Number, DateTimeOffset PlacedAt, string Customer, string Lines, string Total,
    string Status, bool Synced);

/// <summary>How far a reply got; Held back: it is not sent any more, and the owner sees it.</summary>
public enum ReplyState { None, Waits, Sent, Delivered, Read, HeldBack }

/// <param name="Open">What SAK is waiting for in this chat, or empty.</param>
public sealed record ChatRow(string Customer, string Phone, DateTimeOffset LastAt, string LastText, string LastReply,
    string Open, int Unanswered)
{
    /// <summary>How far the last reply got.</summary>
    public ReplyState ReplyState { get; init; }

    /// <summary>WhatsApp's name for the chat.</summary>
    public string Id { get; init; } = "";

    /// <summary>The owner answers it.</summary>
    public bool IsYours { get; init; }

    /// <summary>Number of the draft that waits for the owner, "D-3"; empty when none does.</summary>
    public string Draft { get; init; } = "";

    /// <summary>Voice notes, pictures and documents that are kept.</summary>
    public int Files { get; init; }
}

public sealed record ProductSummary(string Sku, string Name, string Price, string Unit, string Packs, string OnHand);

/// <param name="Phrase">The customer's words.</param>
/// <param name="Product">What it is called in the catalog; empty when it is not for sale.</param>
public sealed record WordRow(Guid CustomerId, string Customer, string Phrase, string Sku, string Product);

public sealed record LogRow(DateTimeOffset At, string Level, string Text);
