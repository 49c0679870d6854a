using System.Text.Json.Serialization;

namespace Sak.Sync.Model;

/// <summary>One line of the open basket. Products and quantities only; prices are never kept here.</summary>
/// <param name="BaseQuantity">Thousandths of the product's base unit.</param>
/// <param name="Words">The customer's words for it, for people to read; no program looks for anything in them.</param>
public sealed record BasketLine(string Sku, decimal Quantity, string Unit, long BaseQuantity, string Words,
    string MessageId)
{
    /// <summary>
    /// The customer's name for the product where the name alone did not say which product is meant: "soap", when SAK
    /// asked which soap. A confirmed order teaches it as the customer's own word. Only the reader sets it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AskedAs { get; init; }

    /// <summary>
    /// SAK did not ask: it took the product that this customer always takes. The confirmation says so.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Supposed { get; init; }
}

/// <summary>What is asked about a line that cannot be ordered yet.</summary>
[JsonConverter(typeof(EnumTextConverter<AskedFor>))]
public enum AskedFor
{
    /// <summary>Which product is meant.</summary>
    Product,

    /// <summary>How many.</summary>
    Quantity,

    /// <summary>How many of what: the product is sold in several units.</summary>
    Unit,

    /// <summary>Nothing: the shop has no such product, and the customer is told.</summary>
    Unknown,
}

/// <summary>Something the customer named that cannot be ordered before one more answer.</summary>
/// <param name="Sku">The product, where it is clear which one is meant.</param>
/// <param name="Candidates">SKUs that the words could mean, best first, at most five.</param>
public sealed record OpenLine(
    [property: JsonRequired] AskedFor Asks,
    string Words,
    string? Sku,
    decimal? Quantity,
    string? Unit,
    IReadOnlyList<string> Candidates,
    string MessageId = "")
{
    /// <inheritdoc cref="BasketLine.AskedAs"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AskedAs { get; init; }
}

/// <summary>What SAK asked last in a chat, and waits for.</summary>
[JsonConverter(typeof(EnumTextConverter<Awaiting>))]
public enum Awaiting
{
    Nothing,
    Confirmation,
    Product,
    Quantity,
    Unit,
}

/// <summary>The open basket of one chat: what the customer has put together and what SAK is waiting for.</summary>
/// <param name="ShownGross">The total that was shown with the question for confirmation, minor units; a yes to another
/// total is not a yes.</param>
/// <param name="Discussed">SKUs just talked about, for "both" and "the 1 litre ones".</param>
public sealed record BasketState(
    IReadOnlyList<BasketLine> Lines,
    IReadOnlyList<OpenLine> Open,
    Awaiting Awaiting,
    long ShownGross,
    IReadOnlyList<string> Discussed)
{
    public static readonly BasketState Empty = new([], [], Awaiting.Nothing, 0, []);

    /// <summary>The first line that waits for an answer; null where nothing is to be asked.</summary>
    [JsonIgnore]
    public OpenLine? ToAsk => Open.FirstOrDefault(o => o.Asks != AskedFor.Unknown);

    /// <summary>The question that SAK asked last; null where it asked nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AskedLast? Asked { get; init; }
}

/// <summary>A question and how many times in a row it was asked.</summary>
/// <param name="Question">Differs from one question to another; no program takes it apart.</param>
public sealed record AskedLast(string Question, int Times);
