namespace Sak.Server.Data;

/// <summary>
/// The columns of every synced row in addition to those in <see cref="Sak.Sync.Replica.Tables"/>. The shop's id
/// leads every key.
/// </summary>
public abstract class SyncedRow
{
    public Guid ShopId { get; set; }

    public Guid Id { get; set; }

    /// <summary>The shop's version of the transaction that last wrote the row.</summary>
    public long Ver { get; set; }

    /// <summary>The replica that last wrote the row and has it in this state; null sends it to every replica.</summary>
    public Guid? Origin { get; set; }
}

public sealed class ProductRow : SyncedRow
{
    public string Sku { get; set; } = "";
    public string Name { get; set; } = "";
    public string Aliases { get; set; } = "";
    public string Unit { get; set; } = "";
    public string Packs { get; set; } = "";
    public long Price { get; set; }
    public string Currency { get; set; } = "";
    public long TaxRate { get; set; }
    public long Active { get; set; }
    public long? OnHand { get; set; }
}

public sealed class PriceRuleRow : SyncedRow
{
    public string Kind { get; set; } = "";
    public string Sku { get; set; } = "";
    public string Pack { get; set; } = "";
    public Guid? CustomerId { get; set; }
    public long FromQuantity { get; set; }
    public long Amount { get; set; }
    public long Rate { get; set; }
    public long? Cap { get; set; }
    public long FromAmount { get; set; }
    public long? Starts { get; set; }
    public long? Ends { get; set; }
}

public sealed class CustomerRow : SyncedRow
{
    public string Phone { get; set; } = "";
    public string ChatId { get; set; } = "";
    public string Name { get; set; } = "";
    public string Language { get; set; } = "";
    public string Words { get; set; } = "";
}

public sealed class OrderRow : SyncedRow
{
    public string Number { get; set; } = "";
    public Guid CustomerId { get; set; }
    public Guid TurnId { get; set; }
    public string Status { get; set; } = "";
    public string Currency { get; set; } = "";
    public long Net { get; set; }
    public long Tax { get; set; }
    public long Gross { get; set; }
    public long PriceVersion { get; set; }
    public long PlacedAt { get; set; }
}

public sealed class OrderLineRow : SyncedRow
{
    public Guid OrderId { get; set; }
    public long Position { get; set; }
    public Guid ProductId { get; set; }
    public string Sku { get; set; } = "";
    public string Name { get; set; } = "";
    public long Quantity { get; set; }
    public string Unit { get; set; } = "";
    public long AskedQuantity { get; set; }
    public string AskedUnit { get; set; } = "";
    public long UnitPrice { get; set; }
    public long TaxRate { get; set; }
    public long Net { get; set; }
    public long Tax { get; set; }
    public long Gross { get; set; }
    public string MessageId { get; set; } = "";
    public string Words { get; set; } = "";
}

public sealed class OrderEventRow : SyncedRow
{
    public Guid OrderId { get; set; }
    public string Kind { get; set; } = "";
    public string Detail { get; set; } = "";
    public long At { get; set; }
}

public sealed class StockMovementRow : SyncedRow
{
    public Guid ProductId { get; set; }
    public long Quantity { get; set; }
    public string Reason { get; set; } = "";
    public Guid? OrderLineId { get; set; }
    public long At { get; set; }
}
