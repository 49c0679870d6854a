using System.Text.Json;

namespace Sak.Sync.Reading.Message;

/// <summary>What the customer wants with a message.</summary>
public enum Purpose
{
    Order,
    Modify,
    Reorder,
    PriceQuery,
    StockQuery,
    Negotiate,
    Cancel,
    Confirm,
    Decline,
    Status,
    Payment,
    Complaint,
    Handover,
    Stop,
    Greeting,
    Thanks,
    Media,
    Other,
}

public static class PurposeText
{
    /// <summary>The purpose in the words of the message sets: "price_query".</summary>
    public static string Text(this Purpose purpose) => JsonNamingPolicy.SnakeCaseLower.ConvertName(purpose.ToString());
}
