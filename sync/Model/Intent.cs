namespace Sak.Sync.Model;

/// <summary>What a customer wants, as words on the wire.</summary>
public static class IntentKinds
{
    /// <summary>So much more of a product.</summary>
    public const string Add = "add";

    /// <summary>The new quantity of a product.</summary>
    public const string Set = "set";

    /// <summary>Take a product out of the basket.</summary>
    public const string Remove = "remove";

    /// <summary>Yes to the basket that was just shown.</summary>
    public const string Confirm = "confirm";

    /// <summary>Stop the whole order.</summary>
    public const string Cancel = "cancel";

    /// <summary>Something is open; see <see cref="Intent.Open"/>.</summary>
    public const string Ask = "ask";

    /// <summary>Empty the basket first ("same as last time" replaces what was there).</summary>
    public const string Clear = "clear";

    public const string Price = "price";
    public const string Stock = "stock";
    public const string Status = "status";
    public const string Payment = "payment";
    public const string Complaint = "complaint";
    public const string Negotiate = "negotiate";
    public const string Handover = "handover";
    public const string Stop = "stop";
    public const string Greeting = "greeting";
    public const string Thanks = "thanks";
    public const string Media = "media";

    /// <summary>Nothing for SAK to do.</summary>
    public const string None = "none";

    public static readonly IReadOnlyList<string> All =
        [Add, Set, Remove, Confirm, Cancel, Ask, Clear, Price, Stock, Status, Payment, Complaint, Negotiate, Handover,
            Stop, Greeting, Thanks, Media, None];
}

/// <summary>One thing a customer wants.</summary>
/// <param name="Quantity">In <paramref name="Unit"/>; null where the kind needs none.</param>
/// <param name="Unit">The product's base unit, a pack of it, "pcs" or "dozen"; null means the base unit.</param>
/// <param name="Words">The customer's words that it came from.</param>
/// <param name="MessageId">WhatsApp's id of the message that it came from.</param>
public sealed record Intent(
    string Kind,
    string? Sku = null,
    decimal? Quantity = null,
    string? Unit = null,
    string Words = "",
    string MessageId = "",
    OpenLine? Open = null);

/// <summary>Something the customer named that cannot be ordered before one more answer.</summary>
/// <param name="Asks">"product", "quantity", "unit", or "unknown" (the shop has no such product; the customer is
/// told).</param>
/// <param name="Sku">The product when it is known.</param>
/// <param name="Candidates">SKUs that the words could mean, best first, at most five.</param>
public sealed record OpenLine(
    string Asks,
    string Words,
    string? Sku,
    decimal? Quantity,
    string? Unit,
    IReadOnlyList<string> Candidates,
    string MessageId = "")
{
    public const string Product = "product";
    public const string QuantityOf = "quantity";
    public const string UnitOf = "unit";
    public const string Unknown = "unknown";
}

/// <summary>One line of the open basket. Products and quantities only; prices are never kept here.</summary>
/// <param name="BaseQuantity">Thousandths of the product's base unit.</param>
public sealed record BasketLine(string Sku, decimal Quantity, string Unit, long BaseQuantity, string Words,
    string MessageId);

/// <summary>The open basket of one chat: what the customer has put together and what SAK is waiting for.</summary>
/// <param name="Awaiting">"", "confirmation", "product", "quantity" or "unit": what was asked last.</param>
/// <param name="ShownGross">The total that was shown with the question for confirmation, minor units; a yes to another
/// total is not a yes.</param>
/// <param name="Discussed">SKUs just talked about, for "both" and "the 1 litre ones".</param>
public sealed record BasketState(
    IReadOnlyList<BasketLine> Lines,
    IReadOnlyList<OpenLine> Open,
    string Awaiting,
    long ShownGross,
    IReadOnlyList<string> Discussed)
{
    public const string Confirmation = "confirmation";
    public static readonly BasketState Empty = new([], [], "", 0, []);
}
