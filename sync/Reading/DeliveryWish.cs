namespace Sak.Sync.Reading;

/// <summary>What an order's delivery wish speaks of.</summary>
public enum DeliveryWishKind
{
    Place,
    Time,
    Person,
    Pickup,
    Delivery,
    Payment,
}

/// <summary>
/// How, where, when or by whom the goods are to come, or how they are paid, in the customer's own words.
/// </summary>
public sealed record DeliveryWish(DeliveryWishKind Kind, string Words, string MessageId);
