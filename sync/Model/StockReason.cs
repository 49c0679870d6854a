namespace Sak.Sync.Model;

/// <summary>Why stock moved; see <see cref="EnumText"/> for how rows hold it.</summary>
public enum StockReason
{
    /// <summary>A line of an order took it.</summary>
    Sold,

    /// <summary>Somebody counted: the movement is the difference to the sum before.</summary>
    Counted,

    /// <summary>The order that took it was cancelled: it is back.</summary>
    Cancelled,
}
