using System.Text.Json.Serialization;
using Sak.Sync.Model;

namespace Sak.Sync.Wire;

/// <summary>One message of the turn.</summary>
/// <param name="Id">WhatsApp's id.</param>
/// <param name="Kind">"text", "voice", "image", "document", "location", "contact",
/// "basket", "other", "edited", "deleted".</param>
/// <param name="Before">What the message said before it was edited or deleted.</param>
public sealed record TurnMessage(string Id, string Text, DateTimeOffset SentAt, string Kind = "text",
    string? Before = null, bool Forwarded = false)
{
    /// <summary>The words of the message that this one answers to; null for most messages.</summary>
    public string? Quoted { get; init; }
}

/// <summary>An earlier exchange of this chat, oldest first.</summary>
public sealed record PastTurn(string Customer, string Reply);

/// <summary>
/// <c>POST /api/process-message</c>. Its bounds are constants of <see cref="Wire.Protocol"/>: the agent cuts longer
/// input before it is sent, and the server refuses it with 400.
/// </summary>
/// <param name="TurnId">Idempotency key: the same turn gets the same reply.</param>
/// <param name="LastOrder">The customer's last order, for "same as last time".</param>
public sealed record ProcessMessageRequest(
    int Protocol,
    Guid TurnId,
    IReadOnlyList<TurnMessage> Messages,
    IReadOnlyList<PastTurn> History,
    BasketState Basket,
    IReadOnlyList<BasketLine> LastOrder,
    string Language,
    IReadOnlyDictionary<string, string> Words,
    long PriceVersion)
{
    /// <summary>What this customer has bought before, by SKU; empty from an agent that does not say.</summary>
    public IReadOnlyDictionary<string, Bought> Habits { get; init; } = new Dictionary<string, Bought>();

    /// <summary>
    /// Who asks, for the customer's own prices; null from an agent that does not say: then the prices that
    /// hold for everybody.
    /// </summary>
    public Guid? CustomerId { get; init; }

    /// <summary>What a product without a number means; from an agent that does not say it is asked.</summary>
    public QuantityMissing QuantityMissing { get; init; }

    /// <summary>
    /// How long whoever asks waits; null from an agent that does not say. A model that needs longer gives way to the
    /// reader in time for the reply to arrive.
    /// </summary>
    public double? PatienceSeconds { get; init; }
}

/// <summary>How a product was bought before.</summary>
/// <param name="Times">Orders that held it.</param>
/// <param name="Most">The most in one line, thousandths of the base unit.</param>
public sealed record Bought(int Times, long Most);

/// <summary>
/// A reply as both repliers give it: text and intents. Never a price, a total, an order number, a customer or a shop:
/// the agent adds every figure itself from its own catalog.
/// </summary>
/// <param name="Text">Words for a caller who shows them as they are; the agent makes its own.</param>
/// <param name="Language">BCP 47: en, hi, hi-Latn, es, pt, ar, ar-Latn.</param>
/// <param name="By">"model", "reader".</param>
public sealed record Reply(
    string Text,
    IReadOnlyList<Intent> Intents,
    string Language,
    string By,
    ReplyCost? Cost = null)
{
    public const string ByModel = "model";
    public const string ByReader = "reader";

    /// <summary>
    /// What a model wrote, with slots in the place of facts (<c>{price:OIL-1}</c>): whoever has the facts fills them,
    /// and judges the words around them again. Null from the reader, and where the model's words were not used.
    /// </summary>
    public string? Slotted { get; init; }

    /// <summary>The turn was too long: its end was not read, and is left to the owner.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Unread { get; init; }

    /// <summary>The same intents, without a word of a model's: SAK's template says it.</summary>
    public Reply WithoutWords() => this with { Text = "", Slotted = null };

    /// <summary>Null from a server without a model, and from the reader on the PC.</summary>
    public ModelState? Model { get; init; }
}

/// <summary>What a model's answer took.</summary>
public sealed record ReplyCost(string Model, int ToolCalls, long InputTokens, long OutputTokens);
