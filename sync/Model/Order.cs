namespace Sak.Sync.Model;

/// <summary>The state of an order; see <see cref="EnumText"/> for how rows hold it.</summary>
public enum OrderStatus { Confirmed, Cancelled, Delivered }

/// <summary>One thing on an order, priced. Amounts are minor units of the order's currency.</summary>
/// <param name="Quantity">Thousandths of the base unit.</param>
/// <param name="AskedQuantity">As the customer said it, thousandths of <paramref name="AskedUnit"/>.</param>
/// <param name="Net">Without tax.</param>
/// <param name="Tax">Rounded for this line; totals are sums of lines.</param>
/// <param name="MessageId">WhatsApp's id of the message that the line came from.</param>
/// <param name="Words">The customer's words for it.</param>
public sealed record OrderLine(
    Guid Id,
    Guid OrderId,
    int Position,
    Guid ProductId,
    string Sku,
    string Name,
    long Quantity,
    string Unit,
    long AskedQuantity,
    string AskedUnit,
    long UnitPrice,
    int TaxRate,
    long Net,
    long Tax,
    long Gross,
    string MessageId,
    string Words);

/// <summary>A confirmed order, as it is on the PC and, after contact, in the cloud.</summary>
/// <param name="Number">Unique in the shop, made on the PC: series and number, "A-1001".</param>
/// <param name="TurnId">The turn that confirmed it: a turn makes at most one order.</param>
/// <param name="PriceVersion">The shop's version of the catalog that the prices were read at.</param>
public sealed record Order(
    Guid Id,
    string Number,
    Guid CustomerId,
    Guid TurnId,
    OrderStatus Status,
    string Currency,
    long Net,
    long Tax,
    long Gross,
    long PriceVersion,
    DateTimeOffset PlacedAt,
    IReadOnlyList<OrderLine> Lines);

/// <summary>Someone who wrote to the shop.</summary>
/// <param name="Phone">Digits with country code, no plus; empty while WhatsApp hides it (LID).</param>
/// <param name="ChatId">WhatsApp's id of the chat, "919800000001@c.us" or "123@lid".</param>
/// <param name="Words">The customer's own words for products: normalised phrase → SKU.</param>
public sealed record Customer(Guid Id, string Phone, string ChatId, string Name, string Language,
    IReadOnlyDictionary<string, string> Words);
