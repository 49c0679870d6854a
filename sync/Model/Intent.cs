using System.Text.Json.Serialization;

namespace Sak.Sync.Model;

/// <summary>What a customer wants.</summary>
[JsonConverter(typeof(EnumTextConverter<IntentKind>))]
public enum IntentKind
{
    /// <summary>Nothing for SAK to do.</summary>
    None,

    /// <summary>More of a product: the quantity is added to what the basket has.</summary>
    Add,

    /// <summary>The new quantity of a product.</summary>
    Set,

    /// <summary>Take a product out of the basket.</summary>
    Remove,

    /// <summary>Yes to the basket that was just shown.</summary>
    Confirm,

    /// <summary>Stop the whole order.</summary>
    Cancel,

    /// <summary>Something is open; see <see cref="Intent.Open"/>.</summary>
    Ask,

    /// <summary>Empty the basket first ("same as last time" replaces what it held).</summary>
    Clear,

    Price,
    Stock,
    Status,
    Payment,
    Complaint,
    Negotiate,
    Handover,
    Stop,
    Greeting,
    Thanks,
    Media,
}

/// <summary>One thing a customer wants.</summary>
/// <param name="Quantity">In <paramref name="Unit"/>; null where the kind needs none.</param>
/// <param name="Unit">The product's base unit, a pack of it, "pcs" or "dozen"; null means the base unit.</param>
/// <param name="Words">The customer's words that it came from.</param>
/// <param name="MessageId">WhatsApp's id of the message that it came from.</param>
public sealed record Intent(
    [property: JsonRequired] IntentKind Kind,
    string? Sku = null,
    decimal? Quantity = null,
    string? Unit = null,
    string Words = "",
    string MessageId = "",
    OpenLine? Open = null)
{
    /// <inheritdoc cref="BasketLine.AskedAs"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AskedAs { get; init; }

    /// <inheritdoc cref="BasketLine.Supposed"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Supposed { get; init; }
}
